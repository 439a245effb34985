package dev.strata.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.api.v1alpha1.ValidationSpec;
import dev.strata.api.v1alpha1.VerifierSpec;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.AgentEnvironment;
import dev.strata.protocol.Messages;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pools that judge the outputs of others. A pool that has a verifier is none: pools that judge
 * each other, or one that judges itself, would make tasks of tasks without end.
 */
final class Verifiers {
  private final Function<String, Stream<AgentPool>> pools;

  /**
   * @param pools those of a namespace
   */
  Verifiers(Function<String, Stream<AgentPool>> pools) {
    this.pools = pools;
  }

  /** UID of the pool that judges the outputs of this one; null when there is none. */
  @Nullable String of(AgentPool pool) {
    VerifierSpec named = named(pool);
    return named == null
        ? null
        : find(pool, named.pool())
            .filter(p -> named(p) == null)
            .map(p -> p.getMetadata().getUid())
            .orElse(null);
  }

  /**
   * UID of the pool that this pod asks; null when it asks none. What stands in a pod may be
   * somebody else's: it is believed of a pool of the same namespace only.
   */
  @Nullable String of(AgentPool pool, Pod pod) {
    String told = told(pod);
    boolean there = told != null && in(pool).anyMatch(p -> told.equals(p.getMetadata().getUid()));
    return there ? told : null;
  }

  /** Why the verifier that the pool names judges nothing; empty when it does, or none is named. */
  Optional<String> missing(AgentPool pool) {
    VerifierSpec named = named(pool);
    if (named == null || of(pool) != null) {
      return Optional.empty();
    }
    String why;
    if (named.pool().equals(pool.getMetadata().getName())) {
      why = "spec.agent.validation.verifier.pool names the pool itself: name another AgentPool";
    } else if (find(pool, named.pool()).isPresent()) {
      why =
          "AgentPool %s has a verifier itself: name one in spec.agent.validation.verifier.pool that has none"
              .formatted(named.pool());
    } else {
      why =
          "there is no AgentPool %s in this namespace: make it, and then replace the agents"
              .formatted(named.pool());
    }
    return Optional.of(why + "; outputs of pods that are made until then are not judged");
  }

  private Optional<AgentPool> find(AgentPool pool, String name) {
    return in(pool).filter(p -> p.getMetadata().getName().equals(name)).findFirst();
  }

  private Stream<AgentPool> in(AgentPool pool) {
    return pools.apply(pool.getMetadata().getNamespace()).filter(p -> !p.isMarkedForDeletion());
  }

  private static @Nullable VerifierSpec named(AgentPool pool) {
    ValidationSpec validation = pool.getSpec().agent().validation();
    return validation == null ? null : validation.verifier();
  }

  private static @Nullable String told(Pod pod) {
    return pod.getSpec().getContainers().stream()
        .filter(container -> container.getName().equals(Names.CONTAINER))
        .flatMap(container -> container.getEnv().stream())
        .filter(variable -> variable.getName().equals(AgentEnvironment.CONFIG))
        .findFirst()
        .map(EnvVar::getValue)
        .map(Verifiers::verifier)
        .orElse(null);
  }

  private static @Nullable String verifier(String config) {
    try {
      var validation = Messages.mapper().readValue(config, AgentConfig.class).validation();
      return validation == null ? null : validation.verifier();
    } catch (JsonProcessingException e) {
      // Not what the operator wrote: such a pod gets the rights that all have.
      return null;
    }
  }
}

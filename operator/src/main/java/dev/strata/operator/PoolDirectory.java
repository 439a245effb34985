package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.api.v1alpha1.AgentSpec;
import dev.strata.api.v1alpha1.ValidationSpec;
import dev.strata.operator.gate.Pools;
import dev.strata.protocol.Role;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The pools that are being kept, as their gates see them. A view of one is kept for a moment,
 * because every report of every agent asks for it.
 */
@Singleton
final class PoolDirectory implements Pools {
  private static final long KEPT_NANOS = Duration.ofMillis(250).toNanos();

  private final KubernetesClient client;
  private final Leadership leadership;
  private final Scope scope;
  private final Map<String, AgentPool> known = new ConcurrentHashMap<>();
  private final Map<String, View> views = new ConcurrentHashMap<>();
  private volatile Function<AgentPool, List<Pod>> pods = pool -> List.of();
  private volatile Function<AgentPool, List<Lease>> leases = pool -> List.of();
  private volatile Consumer<AgentPool> pulse = pool -> {};
  private volatile @Nullable Narrator narrator;
  private volatile @Nullable Pool pretended;

  private record View(Pool pool, long nanos) {}

  PoolDirectory(KubernetesClient client, Leadership leadership, OperatorConfig config) {
    this.client = client;
    this.leadership = leadership;
    this.scope = Scope.of(config);
  }

  /** Says where to look, and whom to tell. */
  void open(
      Function<AgentPool, List<Pod>> pods,
      Function<AgentPool, List<Lease>> leases,
      Consumer<AgentPool> pulse,
      Narrator narrator) {
    this.pods = pods;
    this.leases = leases;
    this.pulse = pulse;
    this.narrator = narrator;
  }

  /** From now on there is a pool that is no AgentPool. */
  void pretend(Pool pool) {
    pretended = pool;
  }

  void know(AgentPool pool) {
    known.put(pool.getMetadata().getUid(), pool);
  }

  void forget(String uid) {
    known.remove(uid);
    views.remove(uid);
  }

  @Override
  public Optional<Pool> find(String namespace, String name) {
    Pool own = pretended;
    if (own != null && own.namespace().equals(namespace) && own.name().equals(name)) {
      return Optional.of(own);
    }
    return known.values().stream()
        .filter(
            p ->
                p.getMetadata().getNamespace().equals(namespace)
                    && p.getMetadata().getName().equals(name))
        .findFirst()
        .flatMap(p -> find(p.getMetadata().getUid()));
  }

  @Override
  public Optional<Pool> find(String uid) {
    Pool own = pretended;
    if (own != null && own.uid().equals(uid)) {
      return Optional.of(own);
    }
    AgentPool pool = known.get(uid);
    if (pool == null) {
      return Optional.empty();
    }
    View view = views.get(uid);
    if (view == null || System.nanoTime() - view.nanos() > KEPT_NANOS) {
      view = new View(look(pool), System.nanoTime());
      views.put(uid, view);
    }
    return Optional.of(view.pool());
  }

  @Override
  public boolean exists(String namespace, String name) {
    return client.resources(AgentPool.class).inNamespace(namespace).withName(name).get() != null;
  }

  @Override
  public boolean lasting(String uid) {
    return known.containsKey(uid);
  }

  private Pool look(AgentPool pool) {
    Map<String, String> identities = new HashMap<>();
    for (Lease lease : leases.apply(pool)) {
      identities.put(
          String.valueOf(lease.getSpec().getHolderIdentity()), lease.getMetadata().getName());
    }
    List<Agent> agents = new ArrayList<>();
    for (Pod pod : pods.apply(pool)) {
      agent(pod, identities.get(pod.getMetadata().getUid())).ifPresent(agents::add);
    }
    return new Pool(
        pool.getMetadata().getUid(),
        pool.getMetadata().getNamespace(),
        pool.getMetadata().getName(),
        validator(pool.getSpec().agent().validation()),
        AgentSettings.of(pool.getSpec(), null).voters(),
        cutOff(pool.getSpec().agent()),
        agents);
  }

  /** Agents that judge an output before it is stored may take as long again as the handler. */
  private static Duration cutOff(AgentSpec agent) {
    ValidationSpec judge = agent.validation();
    boolean waits =
        judge != null
            && judge.onFailure() == ValidationSpec.OnFailure.FAIL
            && (judge.majority() != null || judge.verifier() != null);
    return Duration.ofSeconds(agent.timeoutSeconds() * (waits ? 2L : 1L));
  }

  private static String validator(@Nullable ValidationSpec spec) {
    if (spec == null) {
      return "";
    }
    if (spec.pattern() != null) {
      return "regular expression";
    }
    if (spec.majority() != null) {
      return "majority of " + spec.majority() + " agents";
    }
    if (spec.verifier() != null) {
      return "verifier pool " + spec.verifier().pool();
    }
    return spec.jsonSchema() != null ? "JSON Schema" : "reference answer";
  }

  /**
   * An agent that works: one with an identity, or one that gave it back and finishes what it has.
   * Whoever was replaced has neither.
   */
  private static Optional<Agent> agent(Pod pod, @Nullable String identity) {
    String role = pod.getMetadata().getLabels().get(Names.ROLE);
    boolean active = identity != null && Role.ACTIVE.label().equals(role);
    boolean phase = pod.getStatus() != null && "Running".equals(pod.getStatus().getPhase());
    boolean leaving =
        Role.DRAINING.label().equals(role) || (identity != null && Names.QUARANTINED.equals(role));
    if (!active && !(phase && leaving)) {
      return Optional.empty();
    }
    String name = pod.getMetadata().getName();
    return Optional.of(
        new Agent(
            identity == null ? name : identity,
            name,
            pod.getMetadata().getUid(),
            String.valueOf(pod.getSpec().getNodeName()),
            // Not its readiness: that goes with the connection that telemetry comes over.
            active && pod.getMetadata().getDeletionTimestamp() == null));
  }

  @Override
  public boolean wholeCluster() {
    return scope.wholeCluster();
  }

  @Override
  public boolean leading() {
    return leadership.knows();
  }

  @Override
  public void whenLeading(Runnable task) {
    leadership.whenStarted(task);
  }

  @Override
  public void judged(String uid) {
    AgentPool pool = known.get(uid);
    if (pool != null) {
      pulse.accept(pool);
    }
  }

  @Override
  public void tell(
      HasMetadata about, String action, String reason, boolean warning, String message) {
    Narrator teller = narrator;
    if (teller != null) {
      teller.tell(about, action, reason, warning, message);
    }
  }
}

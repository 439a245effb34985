package dev.strata.operator.gate;

import dev.strata.api.ShippedProfiles;
import dev.strata.api.v1alpha1.Condition;
import dev.strata.api.v1alpha1.ObjectiveSpec;
import dev.strata.api.v1alpha1.QualityGateProfile;
import dev.strata.api.v1alpha1.QualityGateProfileStatus;
import dev.strata.core.gate.Layer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Where profiles come from: the cluster, to which the shipped ones are applied first; or the
 * shipped ones alone, where the operator has rights in its namespaces only. Says of each profile
 * whether it can be judged by.
 */
final class Profiles {
  private static final Logger LOG = Logger.getLogger(Profiles.class);

  private final Map<String, QualityGateProfile> shipped =
      ShippedProfiles.read().stream()
          .collect(Collectors.toMap(p -> p.getMetadata().getName(), p -> p));
  private final Apply apply;
  private final Pools pools;
  private final Compiler compiler;

  Profiles(KubernetesClient client, Pools pools, Compiler compiler) {
    this.apply = new Apply(client, "strata-profiles");
    this.pools = pools;
    this.compiler = compiler;
  }

  /** Applies the shipped ones: they are what this version says, whatever was changed in them. */
  void apply() {
    for (QualityGateProfile profile : shipped.values()) {
      try {
        apply.object(profile);
      } catch (KubernetesClientException e) {
        LOG.warnf(
            "the profile %s was not applied: %s", profile.getMetadata().getName(), e.getMessage());
      }
    }
  }

  /** Finds a profile; of the shipped ones the built-in form where the cluster shows none. */
  Function<String, Optional<QualityGateProfile>> finder(
      Function<String, Optional<QualityGateProfile>> cluster) {
    return name -> cluster.apply(name).or(() -> Optional.ofNullable(shipped.get(name)));
  }

  /** Says of a profile whether it can be judged by, if that is not said yet. */
  void review(QualityGateProfile profile) {
    var generation = profile.getMetadata().getGeneration();
    boolean reviewed =
        profile.getStatus() != null
            && Objects.equals(profile.getStatus().observedGeneration(), generation);
    if (reviewed || !pools.leading()) {
      return;
    }
    String fault = fault(profile);
    var fresh = new QualityGateProfile();
    fresh.setStatus(
        new QualityGateProfileStatus(
            generation,
            profile.getSpec().objectives().size(),
            List.of(
                new Condition(
                    "Accepted",
                    fault.isEmpty() ? "True" : "False",
                    fault.isEmpty() ? "Accepted" : "Invalid",
                    fault.isEmpty() ? "gates can be judged by it" : fault,
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    generation))));
    try {
      apply.status(profile, fresh);
    } catch (KubernetesClientException e) {
      LOG.warnf(
          "the status of profile %s was not written: %s",
          profile.getMetadata().getName(), e.getMessage());
    }
  }

  private String fault(QualityGateProfile profile) {
    try {
      for (ObjectiveSpec objective : profile.getSpec().objectives()) {
        compiler.compile(Layer.valueOf(profile.getSpec().layer()), objective);
      }
      return "";
    } catch (BadGateException e) {
      return String.valueOf(e.getMessage());
    }
  }
}

package dev.strata.operator.gate;

import dev.strata.api.ShippedProfiles;
import dev.strata.api.v1alpha1.QualityGateProfile;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Where profiles come from: the cluster, to which the shipped ones are applied first; or the
 * shipped ones alone, where the operator has rights in its namespaces only.
 */
final class Profiles {
  private static final Logger LOG = Logger.getLogger(Profiles.class);
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("strata-profiles")
          .withForce(true)
          .build();

  private final Map<String, QualityGateProfile> shipped =
      ShippedProfiles.read().stream()
          .collect(Collectors.toMap(p -> p.getMetadata().getName(), p -> p));

  /** Applies the shipped ones; they are what this version says, whatever was changed in them. */
  void apply(KubernetesClient client) {
    for (QualityGateProfile profile : shipped.values()) {
      try {
        client.resource(profile).patch(APPLY);
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
}

package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.EnforcementSpec;
import dev.strata.api.v1alpha1.PoolRef;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateSpec;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;

/** Gates as tests want them. */
final class GateDraft {
  private GateDraft() {}

  /** A gate in mode Enforce. */
  static QualityGate gate(String name, String namespace, String pool, EnforcementSpec... rules) {
    var gate = new QualityGate();
    gate.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(namespace)
            .withUid(namespace + "/" + name)
            .build());
    gate.setSpec(
        new QualityGateSpec(
            new PoolRef(pool),
            List.of(),
            List.of(),
            List.of(),
            "Enforce",
            "Ignore",
            List.of(rules),
            null,
            null,
            false));
    return gate;
  }
}

package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

/** Metadata of what belongs to a pool. */
final class PoolObject {
  private PoolObject() {}

  /** Name, namespace, labels and owner of an object of this pool. */
  static ObjectMeta metadata(AgentPool pool, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(pool.getMetadata().getNamespace())
        .withLabels(PodBlueprint.poolLabels(pool))
        .withOwnerReferences(PodBlueprint.owner(pool))
        .build();
  }

  static boolean ownedBy(HasMetadata object, AgentPool pool) {
    return ownedBy(object, pool.getMetadata().getUid());
  }

  static boolean ownedBy(HasMetadata object, String ownerUid) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(reference -> reference.getUid().equals(ownerUid));
  }
}

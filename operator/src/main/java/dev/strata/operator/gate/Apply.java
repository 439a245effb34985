package dev.strata.operator.gate;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

/** Server-side apply under one field manager: what is sent is what that manager owns. */
final class Apply {
  private final KubernetesClient client;
  private final PatchContext context;

  /**
   * @param manager name of the field manager
   */
  Apply(KubernetesClient client, String manager) {
    this.client = client;
    this.context =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(manager)
            .withForce(true)
            .build();
  }

  /** Applies an object. */
  void object(HasMetadata object) {
    client.resource(object).patch(context);
  }

  /**
   * Applies the status of an object that was seen, and nothing else of it. The UID that was seen
   * makes it fail for another object of the same name.
   *
   * @param fresh an object of the same kind that has the status and no metadata
   */
  void status(HasMetadata seen, HasMetadata fresh) {
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(seen.getMetadata().getName())
            .withNamespace(seen.getMetadata().getNamespace())
            .withUid(seen.getMetadata().getUid())
            .build());
    client.resource(fresh).subresource("status").patch(context);
  }
}

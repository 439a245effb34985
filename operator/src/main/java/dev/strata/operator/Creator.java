package dev.strata.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Creates objects that belong to us under names that we chose. The client repeats a POST whose
 * answer was lost, and then the first one's success shows up as 409: such an object is ours and is
 * taken as created.
 */
record Creator(KubernetesClient client) {
  /**
   * The object as stored.
   *
   * @param ownerUid whose child it is; an object of that name with another owner is a conflict
   * @throws KubernetesClientException when the API server refuses, or the name is taken by somebody
   *     else
   */
  <R extends HasMetadata> R create(R object, String ownerUid) {
    return create(object, ownerUid, () -> Optional.ofNullable(client.resource(object).get()));
  }

  /** Likewise, of a kind that the operator lists and need not have the right to get. */
  <R extends HasMetadata> R createListed(R object, String ownerUid) {
    return create(object, ownerUid, () -> listed(client, object));
  }

  /** The object of this kind, namespace and name, as it is now, by a right to list. */
  static <R extends HasMetadata> Optional<R> listed(KubernetesClient client, R object) {
    @SuppressWarnings("unchecked") // its own class
    Class<R> kind = (Class<R>) object.getClass();
    return client
        .resources(kind)
        .inNamespace(object.getMetadata().getNamespace())
        .withField("metadata.name", object.getMetadata().getName())
        .list()
        .getItems()
        .stream()
        .findFirst();
  }

  private <R extends HasMetadata> R create(R object, String ownerUid, Supplier<Optional<R>> look) {
    try {
      return client.resource(object).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      return look.get()
          .filter(there -> there.getMetadata().getDeletionTimestamp() == null)
          .filter(there -> PoolObject.ownedBy(there, ownerUid))
          .orElseThrow(() -> e);
    }
  }
}

package dev.strata.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

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
    try {
      return client.resource(object).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      R there = client.resource(object).get();
      if (there != null
          && there.getMetadata().getDeletionTimestamp() == null
          && PoolObject.ownedBy(there, ownerUid)) {
        return there;
      }
      throw e;
    }
  }
}

package dev.strata.operator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Changes to an object as it was seen: UID and resource version go along, and the API server
 * refuses what was decided on something else. Sent as they are, because the client's own patch
 * reads the object first, a round trip on the way of every activation.
 */
record GuardedWrites(KubernetesClient client) {
  private static final String MERGE_PATCH = "application/merge-patch+json";
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** Gone, another object by now, or changed in between: to be planned again. */
  private static final Set<Integer> OUTDATED = Set.of(404, 409, 422);

  /**
   * A merge patch.
   *
   * @return the object as stored; empty when what was seen is outdated
   */
  <R extends HasMetadata> Optional<R> patch(R seen, ObjectNode change) {
    change
        .withObject("/metadata")
        .put("uid", seen.getMetadata().getUid())
        .put("resourceVersion", seen.getMetadata().getResourceVersion());
    String name = seen.getMetadata().getName();
    var http = client.getHttpClient();
    var request =
        http.newHttpRequestBuilder()
            .uri(client.getMasterUrl() + path(seen))
            .patch(MERGE_PATCH, change.toString())
            .build();
    try {
      var response =
          http.sendAsync(request, String.class).get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (response.isSuccessful()) {
        @SuppressWarnings("unchecked") // the kind that was sent is the kind that comes back
        var kind = (Class<R>) seen.getClass();
        return Optional.of(client.getKubernetesSerialization().unmarshal(response.body(), kind));
      }
      if (OUTDATED.contains(response.code())) {
        return Optional.empty();
      }
      throw new KubernetesClientException(
          "the patch of " + name + " was refused: " + response.body(), response.code(), null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException | TimeoutException e) {
      throw new KubernetesClientException("the patch of " + name + " got no answer", e);
    }
  }

  /**
   * Deletes it.
   *
   * @param force grace period zero
   * @return false when what was seen is outdated
   */
  boolean delete(HasMetadata seen, boolean force) {
    var options =
        new DeleteOptionsBuilder()
            .withNewPreconditions(
                seen.getMetadata().getResourceVersion(), seen.getMetadata().getUid())
            .withGracePeriodSeconds(force ? 0L : null)
            .build();
    try {
      client.raw("/" + path(seen), "DELETE", options);
      return true;
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_NOT_FOUND -> true;
        case HttpURLConnection.HTTP_CONFLICT -> false;
        default -> throw e;
      };
    }
  }

  private static String path(HasMetadata object) {
    String version = object.getApiVersion();
    return "%s/%s/namespaces/%s/%s/%s"
        .formatted(
            version.contains("/") ? "apis" : "api",
            version,
            object.getMetadata().getNamespace(),
            object.getPlural(),
            object.getMetadata().getName());
  }
}

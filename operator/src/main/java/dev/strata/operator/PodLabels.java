package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.core.pool.PodRef;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A pod's labels: the projection of its Lease that Services, budgets and people select by. */
final class PodLabels {
  private static final String MERGE_PATCH = "application/merge-patch+json";
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** Gone, another pod by now, or changed in between: to be planned again. */
  private static final Set<Integer> OUTDATED = Set.of(404, 409, 422);

  private final KubernetesClient client;
  private final OwnWrites<Pod> own;

  PodLabels(KubernetesClient client, OwnWrites<Pod> own) {
    this.client = client;
    this.own = own;
  }

  boolean active(AgentPool pool, PodRef pod, String identity, long epoch) {
    return patch(
        pool,
        pod,
        """
        {"metadata":{"uid":"%s","labels":{"%s":"active","%s":"%s","%s":"%d"}}}"""
            .formatted(pod.uid(), Names.ROLE, Names.IDENTITY, identity, Names.EPOCH, epoch));
  }

  boolean draining(AgentPool pool, PodRef pod, Instant since) {
    return patch(
        pool,
        pod,
        """
        {"metadata":{"uid":"%s","labels":{"%s":"draining"},"annotations":{"%s":"%s"}}}"""
            .formatted(pod.uid(), Names.ROLE, Names.DRAIN_SINCE, since));
  }

  /**
   * The UID in the patch is a precondition: a pod of the same name made later is not touched. Sent
   * as it is, because the client's own patch reads the pod first, a round trip on the way of every
   * activation.
   */
  private boolean patch(AgentPool pool, PodRef pod, String patch) {
    String uri =
        "%sapi/v1/namespaces/%s/pods/%s"
            .formatted(client.getMasterUrl(), pool.getMetadata().getNamespace(), pod.name());
    var http = client.getHttpClient();
    var request = http.newHttpRequestBuilder().uri(uri).patch(MERGE_PATCH, patch).build();
    try {
      var response =
          http.sendAsync(request, String.class).get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (response.isSuccessful()) {
        own.wrote(client.getKubernetesSerialization().unmarshal(response.body(), Pod.class));
        return true;
      }
      if (OUTDATED.contains(response.code())) {
        return false;
      }
      throw new KubernetesClientException(
          "labelling " + pod + " was refused: " + response.body(), response.code(), null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      throw new KubernetesClientException("labelling " + pod + " got no answer", e);
    }
  }
}

package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.core.pool.PodRef;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Instant;

/** A pod's labels: the projection of its Lease that Services, budgets and people select by. */
final class PodLabels {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

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

  /** The UID in the patch is a precondition: a pod of the same name made later is not touched. */
  private boolean patch(AgentPool pool, PodRef pod, String patch) {
    try {
      own.wrote(
          client
              .pods()
              .inNamespace(pool.getMetadata().getNamespace())
              .withName(pod.name())
              .patch(MERGE, patch));
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
          || e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }
}

package dev.strata.harness.node;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A warning about a pod that {@code kubectl describe} shows. */
record PodEvent(NodeContext node, ObjectMeta pod, String reason, String message) {

  /** Writes it, or leaves it when the API server is away: what matters is in the status too. */
  void write() {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withGenerateName(pod.getName() + ".")
            .withNamespace(pod.getNamespace())
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion("v1")
            .withKind("Pod")
            .withName(pod.getName())
            .withNamespace(pod.getNamespace())
            .withUid(pod.getUid())
            .endInvolvedObject()
            .withType("Warning")
            .withReason(reason)
            .withMessage(message)
            .withNewSource("kubelet", node.name())
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .build();
    try {
      node.api()
          .send(
              "POST", "/api/v1/namespaces/" + pod.getNamespace() + "/events", NodeApi.PLAIN, event);
    } catch (IOException e) {
      System.err.println(node.name() + ": the event " + reason + " is lost: " + e.getMessage());
    }
  }
}

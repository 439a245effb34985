package dev.strata.harness.node;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Keeps the Node object and its lease: what the control plane believes of the node. */
final class NodeRegistration implements Runnable {
  private static final Duration RENEWAL = Duration.ofSeconds(1);
  private static final int RENEWALS_A_STATUS = 60;
  private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

  private final NodeContext node;

  NodeRegistration(NodeContext node) {
    this.node = node;
  }

  /** Makes the Node, or takes over the one of an earlier life. */
  void register() throws IOException {
    Map<String, String> labels = new TreeMap<>(node.settings().labels());
    labels.put("kubernetes.io/hostname", node.name());
    labels.put("kubernetes.io/os", "linux");
    labels.put("kubernetes.io/arch", "amd64");
    Map<String, Quantity> capacity =
        Map.of(
            "cpu", Quantity.parse(node.settings().cpu()),
            "memory", Quantity.parse(node.settings().memory()),
            "pods", Quantity.parse(Integer.toString(node.settings().pods())));
    var object =
        new NodeBuilder()
            .withNewMetadata()
            .withName(node.name())
            .withLabels(labels)
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .withNewStatus()
            .withCapacity(capacity)
            .withAllocatable(capacity)
            .addNewAddress(node.address(), "InternalIP")
            .addNewAddress(node.name(), "Hostname")
            .withConditions(conditions())
            .withNewNodeInfo()
            .withKubeletVersion("v1.36.3")
            .withContainerRuntimeVersion("process://1")
            .withOperatingSystem("linux")
            .withArchitecture("amd64")
            .endNodeInfo()
            .endStatus()
            .build();
    try {
      node.api().send("POST", "/api/v1/nodes", NodeApi.PLAIN, object);
    } catch (NodeApi.RefusedException e) {
      if (e.code() != 409) {
        throw e;
      }
      reportStatus();
    }
    renew();
  }

  private static List<NodeCondition> conditions() {
    String now = now();
    return Stream.of(
            condition("Ready", "True", "ProcessNodeReady", now),
            condition("MemoryPressure", "False", "Sufficient", now),
            condition("DiskPressure", "False", "Sufficient", now),
            condition("PIDPressure", "False", "Sufficient", now))
        .toList();
  }

  private static NodeCondition condition(String type, String status, String reason, String now) {
    return new NodeConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage("reported by the process node")
        .withLastHeartbeatTime(now)
        .withLastTransitionTime(now)
        .build();
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  @Override
  public void run() {
    try {
      // A control plane that was away wrote NotReady meanwhile: the status follows at once.
      boolean healthy = true;
      for (long i = 1; ; i++) {
        TimeUnit.NANOSECONDS.sleep(RENEWAL.toNanos());
        long freezes = node.api().freezes();
        try {
          renew();
          if (!healthy || i % RENEWALS_A_STATUS == 0 || node.api().freezes() != freezes) {
            reportStatus();
          }
          healthy = true;
        } catch (IOException e) {
          healthy = false; // tried again in a second
        }
      }
    } catch (NodeApi.NodeGoneException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void renew() throws IOException {
    var lease =
        new LeaseBuilder()
            .withNewMetadata()
            .withName(node.name())
            .withNamespace("kube-node-lease")
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity(node.name())
            .withLeaseDurationSeconds(40)
            .endSpec()
            .build();
    // MicroTime has no plain Jackson form, so the time goes in as the text that the API wants.
    var json = (com.fasterxml.jackson.databind.node.ObjectNode) NodeApi.JSON.valueToTree(lease);
    ((com.fasterxml.jackson.databind.node.ObjectNode) json.get("spec"))
        .put("renewTime", ZonedDateTime.now().truncatedTo(ChronoUnit.MICROS).toInstant() + "");
    try {
      node.api().send("PATCH", LEASES + "/" + node.name(), NodeApi.MERGE, json);
    } catch (NodeApi.RefusedException e) {
      if (e.code() != 404) {
        throw e;
      }
      node.api().send("POST", LEASES, NodeApi.PLAIN, json);
    }
  }

  private void reportStatus() throws IOException {
    node.api()
        .send(
            "PATCH",
            "/api/v1/nodes/" + node.name() + "/status",
            NodeApi.STRATEGIC,
            Map.of("status", Map.of("conditions", conditions())));
  }

  /** Says that the node is going, so that nobody waits for the lease to run out. */
  void sayNotReady() throws IOException {
    node.api()
        .send(
            "PATCH",
            "/api/v1/nodes/" + node.name() + "/status",
            NodeApi.STRATEGIC,
            Map.of(
                "status",
                Map.of(
                    "conditions",
                    List.of(condition("Ready", "False", "ProcessNodeStopped", now())))));
  }
}

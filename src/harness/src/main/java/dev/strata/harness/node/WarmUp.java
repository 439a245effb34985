package dev.strata.harness.node;

import dev.strata.harness.ImageTable;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Goes once through what happens to a pod, without one: the first pod of a JVM would otherwise pay
 * 400 ms for loading classes, which a kubelet, being a native program, does not take.
 */
record WarmUp(NodeContext node) {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  void run() throws IOException {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("warm-up")
            .withNamespace("default")
            .withUid("00000000-warm-up")
            .endMetadata()
            .withNewSpec()
            .withRestartPolicy("Never")
            .addNewContainer()
            .withName("main")
            .withImage(ImageTable.SHELL)
            .withCommand("true")
            .addNewEnv()
            .withName("IP")
            .withNewValueFrom()
            .withNewFieldRef("v1", "status.podIP")
            .endValueFrom()
            .endEnv()
            .endContainer()
            .endSpec()
            .withNewStatus()
            .endStatus()
            .build();
    Pod read = NodeApi.JSON.readValue(NodeApi.JSON.writeValueAsBytes(pod), Pod.class);
    Path folder = node.folder().resolve("warm-up");
    var launch = new ContainerLaunch(node, read, node.address(), folder);
    var container = read.getSpec().getContainers().getFirst();
    try {
      launch.start(container).child().await(LIMIT);
    } catch (StartException e) {
      throw new IOException("a process node cannot start processes here", e);
    }
    var view = ContainerView.waiting(container).runs("process://1", true, true, 0);
    var status =
        new PodStatusView(node.address(), node.address()).of(read, List.of(), List.of(view));
    NodeApi.JSON.writeValueAsBytes(Map.of("status", status));
  }
}

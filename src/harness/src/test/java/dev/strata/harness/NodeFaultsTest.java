package dev.strata.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.harness.junit.ControlPlaneTest;
import dev.strata.harness.junit.TestNamespace;
import dev.strata.harness.node.NodeSettings;
import dev.strata.harness.node.ProcessNode;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@ControlPlaneTest(tier = Tier.T2, nodes = 1)
class NodeFaultsTest {

  private static ProcessNode node(TestNamespace ns, String name) {
    return ProcessNode.start(
        ns.controlPlane(),
        name,
        new ImageTable(),
        NodeSettings.usual().withLabels(Map.of("t", name)));
  }

  private static PodBuilder pinned(TestPods pods, String name, String node) {
    return pods.shell(name, "sleep 600")
        .editSpec()
        .withTerminationGracePeriodSeconds(1L)
        .withNodeSelector(Map.of("t", node))
        .endSpec();
  }

  private static void awaitNode(TestNamespace ns, String node, String ready) {
    Awaitility.await(node + " is Ready=" + ready)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () ->
                ns.client().nodes().withName(node).get().getStatus().getConditions().stream()
                    .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals(ready)));
  }

  private static boolean alive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  @Test
  void aKilledNodeLosesItsProcessesAndItsReadiness(TestNamespace ns) {
    TestPods pods = new TestPods(ns.client(), ns.name());
    ProcessNode node = node(ns, "killed");
    pods.create(pinned(pods, "p", "killed"));
    pods.awaitPhase("p", "Running");
    long pid = node.processes("p").get("main");
    node.kill();
    Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !alive(pid));
    awaitNode(ns, "killed", "Unknown");
    assertThat(pods.get("p").getStatus().getPhase()).isEqualTo("Running");
  }

  @Test
  void aFrozenNodeGoesOnWhereItStood(TestNamespace ns) {
    TestPods pods = new TestPods(ns.client(), ns.name());
    ProcessNode node = node(ns, "frozen");
    pods.create(pinned(pods, "p", "frozen"));
    pods.awaitPhase("p", "Running");
    node.freeze();
    awaitNode(ns, "frozen", "Unknown");
    long pid = node.processes("p").get("main");
    node.thaw();
    awaitNode(ns, "frozen", "True");
    assertThat(node.processes("p")).containsEntry("main", pid);
    ns.client().pods().inNamespace(ns.name()).withName("p").delete();
    pods.awaitGone("p");
    node.stop();
  }

  @Test
  void aHealedNodeStopsWhatWasDeletedMeanwhile(TestNamespace ns) {
    TestPods pods = new TestPods(ns.client(), ns.name());
    ProcessNode node = node(ns, "cut");
    pods.create(pinned(pods, "deleted", "cut"));
    pods.create(pinned(pods, "stays", "cut"));
    pods.awaitPhase("deleted", "Running");
    pods.awaitPhase("stays", "Running");
    long deleted = node.processes("deleted").get("main");
    long stays = node.processes("stays").get("main");
    node.cutOffFromApi();
    awaitNode(ns, "cut", "Unknown");
    ns.client().pods().inNamespace(ns.name()).withName("deleted").withGracePeriod(0).delete();
    pods.awaitGone("deleted");
    assertThat(alive(deleted)).isTrue();
    node.heal();
    awaitNode(ns, "cut", "True");
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !alive(deleted));
    assertThat(alive(stays)).isTrue();
    pods.await("stays", TestPods::ready);
    node.stop();
    pods.awaitPhase("stays", "Failed");
  }
}

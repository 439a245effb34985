package dev.strata.e2e;

import static dev.strata.e2e.Event.agentDies;
import static dev.strata.e2e.Event.natsIsRestarted;
import static dev.strata.e2e.Event.nodeDies;
import static dev.strata.e2e.Event.nodeHeals;
import static dev.strata.e2e.Event.nodeIsCutOff;
import static dev.strata.e2e.Event.operatorDies;
import static dev.strata.e2e.Event.operatorStarts;
import static dev.strata.e2e.Event.podFreezes;
import static dev.strata.e2e.Event.podThaws;
import static dev.strata.e2e.Event.poolIsScaledTo;
import static dev.strata.e2e.Named.agent;
import static dev.strata.e2e.Named.thePool;
import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.PATIENCE;
import static dev.strata.e2e.Story.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.protocol.TaskResult;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What breaks, and how the pool comes back from it. */
@SystemTest
final class RecoveryTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void deadAgentIsReplacedUnderItsIdentity(Story story) {
    story.given(pool("mortal").replicas(3).warm(1));
    story.when(agentDies("mortal-1"));
    story.then(agent("mortal-1")).isBackWithin(SOON);
    story.then(agent("mortal-0")).isStillTheSame();
    story.then(agent("mortal-2")).isStillTheSame();
    story.then(thePool("mortal")).isReady(3).hasSpares(1).hasPods(4);
  }

  @Test
  void thawedAgentIsFencedAndItsResultDoesNotCount(Story story, @TempDir Path folder)
      throws IOException {
    Path log = folder.resolve("executions.log");
    story.given(
        pool("frosty").replicas(4).warm(1).java("sleep").env("EXECUTION_LOG", log.toString()));
    PoolTasks tasks = story.tasks("frosty");
    String task = tasks.submit("3000");
    eventually(SOON, () -> assertThat(log).exists().isNotEmptyFile());
    String[] first = Files.readAllLines(log).getFirst().split(" ", -1);
    String identity = first[1];
    String pod = first[3];

    story.when(podFreezes(pod));
    story.then(agent(identity)).isBackWithin(SOON);
    TaskResult result = tasks.result(task);
    assertThat(result.pod()).as("who did it: %s", result).isNotEqualTo(pod);

    podThaws(pod).happensIn(story);
    eventually(
        PATIENCE,
        () ->
            assertThat(story.podsOf("frosty"))
                .extracting(p -> p.getMetadata().getName())
                .doesNotContain(pod));
    story.then(thePool("frosty")).isReady(4).hasSpares(1).hasPods(5);
    story.then(agent(identity)).wasReplaced(1);
    assertThat(Files.readAllLines(log)).as("executions").hasSize(2);
    String uid = story.pool("frosty").getMetadata().getUid();
    try (Streams streams = new Streams(story.cluster())) {
      assertThat(streams.messages("R-" + uid, "res." + uid + "." + task)).isEqualTo(1);
    }
    assertThat(tasks.result(task)).isEqualTo(result);
  }

  @Test
  void agentsOfDeadNodeComeBackElsewhere(Story story) {
    story.given(pool("spread").replicas(4).warm(2));
    String node = story.podOf("spread-0").getSpec().getNodeName();
    List<String> lost =
        story.holders().keySet().stream()
            .filter(identity -> story.podOf(identity).getSpec().getNodeName().equals(node))
            .toList();
    try {
      story.when(nodeDies(node));
      lost.forEach(identity -> story.then(agent(identity)).isBackWithin(PATIENCE));
      story.then(thePool("spread")).isReady(4).hasSpares(2);
      // The lost pods stay until the API server knows of the node.
      eventually(
          PATIENCE,
          () ->
              assertThat(story.podsOf("spread"))
                  .extracting(pod -> pod.getSpec().getNodeName())
                  .doesNotContain(node));
      story.then(thePool("spread")).isReady(4).hasSpares(2).hasPods(6);
      lost.forEach(identity -> story.then(agent(identity)).wasReplaced(1));
    } finally {
      story.cluster().restartNode(node);
      story.awaitNode(node, true);
    }
  }

  /** Pods are bound to a dead node as long as the API server believes in it. */
  @Test
  void podsOfNodeThatDiesBeforeTheyStartComeElsewhere(Story story) {
    String node = story.cluster().nodes().getLast().name();
    try {
      story
          .when(nodeDies(node))
          .applied(
              pool("stranded")
                  .replicas(3)
                  .warm(1)
                  .set("template.affinity.nodeAffinity.preferred", List.of(preference(node))));
      eventually(
          SOON,
          () ->
              assertThat(story.podsOf("stranded"))
                  .extracting(pod -> pod.getSpec().getNodeName())
                  .contains(node));
      story.then(thePool("stranded")).isReady(3).hasSpares(1).hasPods(4);
      assertThat(story.podsOf("stranded"))
          .extracting(pod -> pod.getSpec().getNodeName())
          .doesNotContain(node);
    } finally {
      story.cluster().restartNode(node);
      story.awaitNode(node, true);
    }
  }

  private static Map<String, ?> preference(String node) {
    return Map.of(
        "weight",
        100,
        "matchExpressions",
        List.of(
            Map.of("key", "kubernetes.io/hostname", "operator", "In", "values", List.of(node))));
  }

  @Test
  void agentsOfNodeThatIsCutOffWorkOn(Story story) {
    story.given(pool("island").replicas(4));
    String node = story.podOf("island-0").getSpec().getNodeName();
    var before = story.holders();
    try {
      story.when(nodeIsCutOff(node));
      story.tasks("island").answers("anybody there?", "anybody there?");
    } finally {
      nodeHeals(node).happensIn(story);
    }
    story.then(thePool("island")).isReady(4).hasPods(4);
    assertThat(story.holders()).as("agents and epochs").isEqualTo(before);
  }

  @Test
  void drainOfNodeLeavesThePoolAvailable(Story story) {
    story.given(pool("steady").replicas(4).warm(1));
    String node = story.podOf("steady-0").getSpec().getNodeName();
    try (Availability availability = Availability.of(story, "steady", 4)) {
      assertThat(
              story.kubectl(
                  "drain",
                  node,
                  "--ignore-daemonsets",
                  "--delete-emptydir-data",
                  "--force",
                  "--timeout=90s"))
          .contains("drained");
      story.then(thePool("steady")).isReady(4);
      assertThat(availability.lowest())
          .as("agents available at any moment")
          .isGreaterThanOrEqualTo(3);
      assertThat(story.podsOf("steady"))
          .filteredOn(pod -> pod.getMetadata().getDeletionTimestamp() == null)
          .extracting(pod -> pod.getSpec().getNodeName())
          .doesNotContain(node);
    } finally {
      story.kubectl("uncordon", node);
    }
  }

  @Test
  void operatorThatDiesDuringScaleUpGoesOnWhereItWas(Story story) {
    story.given(pool("growing").replicas(2).warm(2));
    var before = story.holders();
    story.when(poolIsScaledTo("growing", 10));
    eventually(
        SOON,
        () ->
            assertThat(story.holders().values().stream().map(Story.Holder::podUid))
                .filteredOn(Objects::nonNull)
                .hasSizeGreaterThan(2));
    story.when(operatorDies(), operatorStarts());
    story.then(thePool("growing")).isReady(10).hasSpares(2).hasPods(12);
    Map<String, Story.Holder> after = story.holders();
    assertThat(after).containsAllEntriesOf(before).hasSize(10);
    assertThat(after.values().stream().map(Story.Holder::podUid)).doesNotHaveDuplicates();
    assertThat(after.values())
        .as("nobody was replaced")
        .allSatisfy(holder -> assertThat(holder.epoch()).isEqualTo(1));
  }

  @Test
  void natsRestartLosesNoTaskAndNoAgent(Story story) {
    story.given(pool("patient").replicas(3).warm(1).java("sleep"));
    PoolTasks tasks = story.tasks("patient");
    List<String> stored =
        java.util.stream.Stream.generate(() -> tasks.submit("700")).limit(9).toList();
    var before = story.holders();
    story.when(natsIsRestarted());
    for (String id : stored) {
      assertThat(tasks.result(id).status()).isEqualTo(TaskResult.Status.DONE);
    }
    tasks.answers("5", "5");
    story.then(thePool("patient")).isReady(3).hasSpares(1).hasPods(4);
    assertThat(story.holders()).as("agents and epochs").isEqualTo(before);
    List<Pod> pods = story.podsOf("patient");
    assertThat(pods).allSatisfy(pod -> assertThat(PoolCheck.ready(pod)).isTrue());
  }
}

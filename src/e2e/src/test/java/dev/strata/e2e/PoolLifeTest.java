package dev.strata.e2e;

import static dev.strata.e2e.Event.poolIsPatched;
import static dev.strata.e2e.Event.poolIsScaledTo;
import static dev.strata.e2e.Named.thePool;
import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.PATIENCE;
import static dev.strata.e2e.Story.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.protocol.TaskResult;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A pool's life without accidents. */
@SystemTest
final class PoolLifeTest {

  @Test
  void comesUpAndTellsAboutIt(Story story) {
    story.applied(pool("told").replicas(2).warm(1));
    assertThat(story.kubectl("wait", "--for=condition=Ready", "ap/told", "--timeout=60s"))
        .contains("condition met");
    story.then(thePool("told")).isReady(2).hasSpares(1).hasPods(3);
    assertThat(story.kubectl("get", "ap")).contains("READY", "WARM", "DESIRED", "told");
    eventually(
        PATIENCE,
        () ->
            assertThat(story.kubectl("describe", "ap", "told"))
                .contains("Events:", "strata.dev/operator", "ScaledUp", "Started "));
  }

  @Test
  void doesTasksOverHttpAndNats(Story story) {
    story.given(pool("worker").replicas(2));
    PoolTasks tasks = story.tasks("worker");
    List<Pod> agents = tasks.agents();
    var answer = tasks.post(agents.getFirst(), "Hello?");
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.body().path("output").asText()).isEqualTo("Hello?");
    var other = tasks.get(agents.getLast(), answer.id());
    assertThat(other.body()).as("what another agent says of it").isEqualTo(answer.body());
    tasks.answers("over NATS", "over NATS");
    assertThat(tasks.get(agents.getFirst(), "0".repeat(32)).status()).isEqualTo(404);
  }

  @Test
  void sameIdempotencyKeyIsTheSameTask(Story story) {
    story.given(pool("once").replicas(2));
    PoolTasks tasks = story.tasks("once");
    var first = tasks.post("first", "Idempotency-Key", "order 7");
    var second = tasks.post(tasks.agents().getLast(), "second", "Idempotency-Key", "order 7");
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.body().path("output").asText()).isEqualTo("first");
  }

  @Test
  void cancelledTaskEndsCancelled(Story story) {
    story.given(pool("slow").java("sleep"));
    PoolTasks tasks = story.tasks("slow");
    var accepted = tasks.post("60000", "Prefer", "respond-async");
    assertThat(accepted.status()).isEqualTo(202);
    var cancelled = tasks.cancel(accepted.id());
    assertThat(cancelled.body().path("status").asText()).isEqualTo("CANCELLED");
    // The one agent is free again: the next task does not wait for the minute to be over.
    tasks.answers("1", "1");
    assertThat(tasks.result(accepted.id()).status()).isEqualTo(TaskResult.Status.CANCELLED);
  }

  @Test
  void scalesUpFromSpares(Story story) {
    story.given(pool("elastic").replicas(1).warm(2));
    Set<String> pods =
        story.podsOf("elastic").stream()
            .map(pod -> pod.getMetadata().getUid())
            .collect(Collectors.toSet());
    story.when(poolIsScaledTo("elastic", 3));
    story.then(thePool("elastic")).isReady(3);
    assertThat(story.holders().values())
        .as("who became active was a spare")
        .allSatisfy(holder -> assertThat(pods).contains(holder.podUid()));
    story.then(thePool("elastic")).hasSpares(2).hasPods(5);
    assertThat(story.pool("elastic").getStatus().selector()).contains("strata.dev/pool=elastic");
  }

  @Test
  void scaleDownFinishesWhatRuns(Story story) {
    story.given(pool("shrinking").replicas(2).java("sleep"));
    PoolTasks tasks = story.tasks("shrinking");
    tasks.agents();
    List<String> running = List.of(tasks.submit("4000"), tasks.submit("4000"));
    eventually(
        PATIENCE,
        () ->
            assertThat(new int[] {running(story, "shrinking-0"), running(story, "shrinking-1")})
                .containsExactly(1, 1));
    story.when(poolIsScaledTo("shrinking", 1));
    for (String id : running) {
      TaskResult result = tasks.result(id);
      assertThat(result.status()).isEqualTo(TaskResult.Status.DONE);
      assertThat(result.deliveries()).as("deliveries of %s", result).isEqualTo(1);
    }
    story.then(thePool("shrinking")).isReady(1).hasPods(1);
  }

  /** Tasks in the hands of an agent, from its own metrics. */
  private static int running(Story story, String identity) {
    return AgentMetrics.of(story.podOf(identity)).inFlight();
  }

  @Test
  void whatBelongsToThePoolIsPutRight(Story story) {
    story.given(pool("tidy"));
    story.kubectl(
        "patch",
        "service/tidy",
        "--type=merge",
        "-p",
        "{\"spec\":{\"selector\":{\"strata.dev/role\":\"spare\"}}}");
    story.when(poolIsPatched("tidy", "{\"spec\":{\"update\":{\"maxUnavailable\":2}}}"));
    eventually(
        PATIENCE,
        () -> {
          assertThat(story.kubectl("get", "pdb", "tidy", "-o", "jsonpath={.spec.maxUnavailable}"))
              .isEqualTo("2");
          assertThat(story.kubectl("get", "service", "tidy", "-o", "jsonpath={.spec.selector}"))
              .contains("active");
        });
  }

  @Test
  void deletedPoolLeavesNothing(Story story) {
    story.given(pool("gone").replicas(2).warm(1));
    story.tasks("gone").answers("a last word", "a last word");
    String uid = story.pool("gone").getMetadata().getUid();
    try (Streams streams = new Streams(story.cluster())) {
      assertThat(streams.of(uid)).containsExactlyInAnyOrder("T-" + uid, "R-" + uid, "D-" + uid);
      assertThat(leftovers(story)).contains("Pod", "Lease", "Secret", "Service");
      story.kubectl("delete", "ap/gone", "--wait=false");
      eventually(PATIENCE, () -> assertThat(leftovers(story)).as("what is left").isEmpty());
      eventually(PATIENCE, () -> assertThat(streams.of(uid)).as("streams left").isEmpty());
    }
  }

  /** Kinds of what carries the pool's label. */
  private static Set<String> leftovers(Story story) {
    var client = story.client();
    Map<String, List<?>> kinds =
        Map.of(
            "Pod", client.pods().inNamespace(story.namespace()).list().getItems(),
            "Lease", client.leases().inNamespace(story.namespace()).list().getItems(),
            "Secret", client.secrets().inNamespace(story.namespace()).list().getItems(),
            "Service", client.services().inNamespace(story.namespace()).list().getItems(),
            "Endpoints slice",
                client
                    .discovery()
                    .v1()
                    .endpointSlices()
                    .inNamespace(story.namespace())
                    .list()
                    .getItems(),
            "PodDisruptionBudget",
                client
                    .policy()
                    .v1()
                    .podDisruptionBudget()
                    .inNamespace(story.namespace())
                    .list()
                    .getItems(),
            "ControllerRevision",
                client
                    .apps()
                    .controllerRevisions()
                    .inNamespace(story.namespace())
                    .list()
                    .getItems());
    return kinds.entrySet().stream()
        .filter(kind -> !kind.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }
}

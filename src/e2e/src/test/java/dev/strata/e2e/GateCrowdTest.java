package dev.strata.e2e;

import static dev.strata.e2e.GateDraft.gate;
import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.remains;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many agents that miss a target at once have something in common: none of them is to go. */
@SystemTest
final class GateCrowdTest {
  private static final int AGENTS = 40;
  private static final int HEAVY = 24;

  @Test
  void sixtyPercentOfFortyThroughTwoGatesEvictNobody(Story story, @TempDir Path folder) {
    story
        .given(
            pool("crowd")
                .replicas(AGENTS)
                .java("hog")
                .set("recovery.silenceSeconds", 60)
                .env("HANDLERS_PATH", HandlerJar.of("HogHandler", folder).toString())
                .env("AGENT_JAVA_OPTIONS", "-Xmx256m"))
        .gated(
            gate("slo", "crowd")
                .profiles("application")
                .quick("agent-memory", "", "", 10)
                .evict("agent-memory", "50%"))
        .gated(gate("own", "crowd").profiles().ownMemory("weight", "100MB").evict("weight", "50%"));
    GateCheck slo = story.gate("slo").says("agent-memory", "Met");
    List<String> before = pods(story);
    // One at a time each, so that each of them goes to another agent.
    PoolTasks tasks = story.tasks("crowd");
    List<String> sent = Stream.generate(() -> tasks.submit("hog slowly")).limit(HEAVY).toList();
    sent.forEach(tasks::result);
    for (GateCheck each : List.of(slo, story.gate("own"))) {
      Story.eventually(
          Duration.ofMinutes(2),
          () ->
              assertThat(each.condition("EnforcementAllowed").reason())
                  .isEqualTo("TooManyViolators"));
    }
    // It says so as soon as they are too many, which may be one before the last.
    Story.eventually(
        Story.PATIENCE,
        () ->
            assertThat(slo.condition("EnforcementAllowed").message())
                .contains(HEAVY + " of " + AGENTS + " agents violate targets at once"));
    remains(
        Duration.ofSeconds(10),
        () -> {
          assertThat(pods(story)).containsExactlyInAnyOrderElementsOf(before);
          assertThat(slo.status().actions()).isEmpty();
          assertThat(story.gate("own").status().actions()).isEmpty();
        });
  }

  private static List<String> pods(Story story) {
    return story.podsOf("crowd").stream().map(Pod::getMetadata).map(m -> m.getName()).toList();
  }
}

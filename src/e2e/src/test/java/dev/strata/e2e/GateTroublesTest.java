package dev.strata.e2e;

import static dev.strata.e2e.Event.agentDies;
import static dev.strata.e2e.Event.natsEnds;
import static dev.strata.e2e.Event.natsStarts;
import static dev.strata.e2e.Event.operatorDies;
import static dev.strata.e2e.Event.operatorStarts;
import static dev.strata.e2e.Event.poolIsPatched;
import static dev.strata.e2e.GateDraft.gate;
import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.remains;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Gates while things break: what is broken shows, and what only looks broken does not. */
@SystemTest
final class GateTroublesTest {
  private static final String HEAVY =
      """
      {"spec": {"template": {"env": [{"name": "AGENT_JAVA_OPTIONS",
        "value": "-Xms180m -Xmx180m -XX:+AlwaysPreTouch"}]}}}
      """;
  private static final String LIGHT = "{\"spec\": {\"template\": {\"env\": []}}}";

  @Test
  void whatNeverReturnsIsBad(Story story) {
    story
        .given(
            pool("hung")
                .replicas(2)
                .java("sleep")
                .set("agent.concurrency", 64)
                .set("agent.timeoutSeconds", 60)
                .set("agent.retry.maxAttempts", 1))
        .gated(
            gate("slo", "hung").profiles("application").quick("response-time", "500ms", "90%", 29));
    GateCheck slo = story.gate("slo");
    try (var traffic = story.traffic("hung", "5", 6)) {
      slo.says("response-time", "Met");
      traffic.send("50000");
      slo.says("response-time", "Violated");
      traffic.send("5");
      slo.says("response-time", "Met");
    }
  }

  @Test
  void heavyAgentsAreNamed(Story story) {
    story
        .given(pool("heavy").replicas(2))
        .gated(gate("slo", "heavy").profiles("application").quick("agent-memory", "", "", 10));
    GateCheck slo = story.gate("slo").says("agent-memory", "Met");
    assertThat(slo.row("agent-memory").value()).endsWith("MB");
    story.when(poolIsPatched("heavy", HEAVY));
    slo.says("agent-memory", "Violated");
    assertThat(slo.row("agent-memory").worst())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).startsWith("heavy-").endsWith("MB"));
    story.when(poolIsPatched("heavy", LIGHT));
    slo.says("agent-memory", "Met");
  }

  @Test
  void aLostAgentChangesNoVerdict(Story story) {
    GateCheck slo = judged(story, "steady");
    try (var _ = story.traffic("steady", "hello", 10)) {
      met(slo);
      story.when(agentDies("steady-0"));
      remains(Duration.ofSeconds(20), () -> met(slo));
    }
  }

  @Test
  void anOperatorThatComesAfterGoesOn(Story story) {
    GateCheck slo = judged(story, "kept");
    try (var _ = story.traffic("kept", "hello", 10)) {
      met(slo);
      // Long enough for a checkpoint.
      remains(Duration.ofSeconds(20), () -> met(slo));
      String since = slo.row("response-time").since();
      story.when(operatorDies(), operatorStarts());
      remains(Duration.ofSeconds(30), () -> met(slo));
      assertThat(slo.row("response-time").since()).isEqualTo(since);
    }
  }

  @Test
  void anAbsentEngineIsNoFaultOfThePool(Story story) {
    GateCheck slo = judged(story, "patient");
    try (var _ = story.traffic("patient", "hello", 10)) {
      met(slo);
      story.when(natsEnds());
      try {
        slo.has("SignalsAvailable", "False");
        remains(Duration.ofSeconds(15), () -> met(slo));
        // Longer than a report reaches back: what was missed is lost.
        slo.says("response-time", "Unknown", "Stale").says("agent-memory", "Unknown", "Stale");
        assertThat(slo.condition("Satisfied").status()).isEqualTo("Unknown");
      } finally {
        story.when(natsStarts());
      }
      slo.has("SignalsAvailable", "True").has("Satisfied", "True");
    }
  }

  @Test
  void withoutAnySignalNothingIsKnownAndNothingIsDone(Story story) {
    story.given(pool("empty").replicas(0)).gated(gate("slo", "empty").enforce("HoldScaleDown"));
    GateCheck slo = story.gate("slo").has("Ready", "True");
    Story.eventually(Story.PATIENCE, () -> assertThat(slo.status().objectives()).hasSize(33));
    remains(
        Duration.ofSeconds(5),
        () -> {
          assertThat(slo.status().objectives())
              .allSatisfy(
                  row -> {
                    assertThat(row.verdict()).as("%s", row).isEqualTo("Unknown");
                    assertThat(row.reason())
                        .as("%s", row)
                        .isIn("NotExposed", "NoDemand", "InsufficientSamples");
                    assertThat(row.value()).as("%s", row).isNull();
                  });
          assertThat(slo.status().actions()).isEmpty();
        });
    assertThat(slo.condition("Satisfied").status()).isEqualTo("Unknown");
    assertThat(slo.condition("PhysicalMet").status()).isEqualTo("Unknown");
  }

  /** A pool of three whose answers are judged by the shipped targets. */
  private static GateCheck judged(Story story, String pool) {
    story.given(pool(pool).replicas(3).warm(1)).gated(gate("slo", pool));
    try (var _ = story.traffic(pool, "hello", 20)) {
      return story.gate("slo").says("response-time", "Met").says("agent-memory", "Met");
    }
  }

  private static void met(GateCheck slo) {
    assertThat(slo.row("response-time").verdict()).isEqualTo("Met");
    assertThat(slo.row("agent-memory").verdict()).isEqualTo("Met");
    assertThat(slo.condition("Satisfied").status()).isEqualTo("True");
  }
}

package dev.strata.e2e;

import static dev.strata.e2e.Event.natsEnds;
import static dev.strata.e2e.Event.natsStarts;
import static dev.strata.e2e.Event.operatorDies;
import static dev.strata.e2e.Event.operatorStarts;
import static dev.strata.e2e.GateDraft.gate;
import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.remains;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Gates while things break: what is broken shows, and what only looks broken does not. */
@SystemTest
final class GateTroublesTest {
  @Test
  void anOperatorThatComesAfterGoesOn(Story story) {
    GateCheck slo = judged(story, "kept");
    try (var _ = story.traffic("kept", "hello", 10)) {
      met(slo);
      // Long enough for a checkpoint.
      remains(Duration.ofSeconds(20), () -> met(slo));
      String since = slo.row("response-time").since();
      Map<String, String> verdicts = slo.verdicts();
      story.when(operatorDies(), operatorStarts());
      remains(Duration.ofSeconds(30), () -> slo.keeps(verdicts));
      assertThat(slo.row("response-time").since()).isEqualTo(since);
    }
  }

  @Test
  void anAbsentEngineIsNoFaultOfThePool(Story story) {
    story.given(pool("blind").replicas(1));
    GateCheck slo = judged(story, "patient");
    try (var _ = story.traffic("patient", "hello", 10)) {
      met(slo);
      slo.says("delivery-success", "Met");
      Map<String, String> verdicts = slo.verdicts();
      story.when(natsEnds());
      try {
        story.gated(gate("new", "blind").enforce("HoldScaleDown"));
        slo.has("SignalsAvailable", "False");
        remains(Duration.ofSeconds(20), () -> slo.keeps(verdicts));
        // Longer than a report reaches back: what was missed is lost.
        slo.says("response-time", "Unknown", "Stale").says("agent-memory", "Unknown", "Stale");
        assertThat(slo.condition("Satisfied").status()).isEqualTo("Unknown");
        nothingIsKnown(story.gate("new").says("agent-memory", "Unknown", "Stale"));
      } finally {
        story.when(natsStarts());
      }
      slo.has("SignalsAvailable", "True").has("Satisfied", "True");
      verdicts.keySet().forEach(objective -> slo.says(objective, verdicts.get(objective)));
    }
  }

  /** Of a pool that was never heard since its gate came; nothing is done about it. */
  private static void nothingIsKnown(GateCheck slo) {
    assertThat(slo.status().objectives())
        .hasSize(33)
        .allSatisfy(
            row -> {
              assertThat(row.verdict()).as("%s", row).isEqualTo("Unknown");
              assertThat(row.reason())
                  .as("%s", row)
                  .isIn("Stale", "NotExposed", "NoDemand", "NotApplicable", "InsufficientSamples");
              assertThat(row.value()).as("%s", row).isNull();
            });
    assertThat(slo.status().actions()).isEmpty();
    assertThat(slo.condition("Satisfied").status()).isEqualTo("Unknown");
  }

  /** A pool of three whose answers are judged by the shipped targets. */
  static GateCheck judged(Story story, String pool) {
    story.given(pool(pool).replicas(3).warm(1)).gated(gate("slo", pool));
    try (var _ = story.traffic(pool, "hello", 20)) {
      return story.gate("slo").says("response-time", "Met").says("agent-memory", "Met");
    }
  }

  static void met(GateCheck slo) {
    slo.reads("response-time", "Met").reads("agent-memory", "Met");
    assertThat(slo.condition("Satisfied").status()).isEqualTo("True");
  }
}

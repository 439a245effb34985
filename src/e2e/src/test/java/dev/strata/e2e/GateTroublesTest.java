package dev.strata.e2e;

import static dev.strata.e2e.Event.natsEnds;
import static dev.strata.e2e.Event.natsStarts;
import static dev.strata.e2e.Event.operatorDies;
import static dev.strata.e2e.Event.operatorStarts;
import static dev.strata.e2e.GateDraft.gate;
import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.eventually;
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
        eventually(Story.PATIENCE, () -> slo.knowsNothing("Stale", "Stale"));
        assertThat(slo.condition("Satisfied").status()).isEqualTo("Unknown");
        eventually(Story.PATIENCE, () -> story.gate("new").knowsNothing("Stale", "Stale"));
        assertThat(story.gate("new").status().actions()).isEmpty();
        assertThat(story.gate("new").condition("Satisfied").status()).isEqualTo("Unknown");
      } finally {
        story.when(natsStarts());
      }
      slo.has("SignalsAvailable", "True").has("Satisfied", "True");
      verdicts.keySet().forEach(objective -> slo.says(objective, verdicts.get(objective)));
    }
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

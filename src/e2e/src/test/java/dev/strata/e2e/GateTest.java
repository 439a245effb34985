package dev.strata.e2e;

import static dev.strata.e2e.Event.poolIsScaledTo;
import static dev.strata.e2e.GateDraft.gate;
import static dev.strata.e2e.Named.thePool;
import static dev.strata.e2e.PoolDraft.pool;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a user sees of quality gates. */
@SystemTest
final class GateTest {

  @Test
  void aHealthyPoolIsSatisfied(Story story) {
    story.given(pool("calm").replicas(3)).gated(gate("slo", "calm"));
    try (var _ = story.traffic("calm", "hello", 10)) {
      assertThat(story.kubectl("wait", "--for=condition=Satisfied", "qg/slo", "--timeout=120s"))
          .contains("condition met");
      story.gate("slo").has("Ready", "True").has("SignalsAvailable", "True");
      story.gate("slo").says("response-time", "Met").says("cpu", "Unknown", "NotExposed");
    }
    assertThat(story.kubectl("get", "qg")).contains("SATISFIED", "slo", "True", "/33");
    assertThat(story.kubectl("get", "ap")).contains("GATE", "calm", "True");
    assertThat(story.kubectl("get", "qgp"))
        .contains("application", "coordination", "transport", "physical", "True");
  }

  @Test
  void slowAnswersAreViolatedAndHealed(Story story) {
    story
        .given(pool("lazy").replicas(2).java("sleep").set("agent.concurrency", 4))
        .gated(
            gate("slo", "lazy")
                .profiles("application")
                .mode("Warn")
                .quick("response-time", "500ms", "90%", 29));
    GateCheck slo = story.gate("slo");
    try (var traffic = story.traffic("lazy", "5", 6)) {
      slo.says("response-time", "Met");
      traffic.send("900");
      slo.says("response-time", "Violated")
          .has("Satisfied", "False")
          .has("ApplicationMet", "False");
      assertThat(slo.row("response-time").window()).isEqualTo("30s");
      assertThat(slo.row("response-time").bound()).isNotNull();
      traffic.send("5");
      slo.says("response-time", "Met").has("Satisfied", "True");
    }
    Story.eventually(
        Story.PATIENCE,
        () ->
            assertThat(story.kubectl("describe", "qg", "slo"))
                .contains("Violated", "response-time is Violated"));
  }

  @Test
  void aViolatedPoolIsNotMadeSmaller(Story story) {
    story
        .given(pool("held").replicas(3).java("sleep").set("agent.concurrency", 4))
        .gated(
            gate("slo", "held")
                .profiles("application")
                .quick("response-time", "500ms", "90%", 29)
                .enforce("HoldScaleDown"));
    GateCheck slo = story.gate("slo");
    try (var traffic = story.traffic("held", "5", 6)) {
      slo.says("response-time", "Met").has("EnforcementAllowed", "True");
      traffic.send("900");
      slo.says("response-time", "Violated").has("Enforcing", "True");
      story.when(poolIsScaledTo("held", 1));
      story
          .then(thePool("held"))
          .says(Story.PATIENCE, "ScaleHeld", "ScaleHeld", "gate slo")
          .isReady(3);
      assertThat(slo.status().actions())
          .anySatisfy(a -> assertThat(a.outcome()).isEqualTo("Holding"));
      traffic.send("5");
      slo.says("response-time", "Met");
      story.then(thePool("held")).isReady(1).hasPods(1);
    }
  }
}

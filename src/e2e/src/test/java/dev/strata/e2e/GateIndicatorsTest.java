package dev.strata.e2e;

import static dev.strata.e2e.Event.agentDies;
import static dev.strata.e2e.Event.poolIsScaledTo;
import static dev.strata.e2e.GateDraft.gate;
import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.remains;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** What signals count, each seen on a pool where it can be told. */
@SystemTest
final class GateIndicatorsTest {
  @Test
  @Execution(CONCURRENT)
  void tasksThatFailAndAreDoneInTheEndHaveHealed(Story story, @TempDir Path folder) {
    story
        .given(
            pool("flaky")
                .replicas(2)
                .java("flaky")
                .env("HANDLERS_PATH", HandlerJar.of("FlakyHandler", folder).toString())
                .set("agent.concurrency", 8)
                .set("agent.retry.maxAttempts", 2))
        .gated(gate("slo", "flaky").profiles("application").share("auto-recovery", "80%", 14, 50));
    GateCheck slo = story.gate("slo");
    try (var traffic = story.traffic("flaky", "a word", 5)) {
      slo.says("auto-recovery", "Met");
      assertThat(slo.row("auto-recovery").value()).isEqualTo("100%");
      slo.says("response-time", "Violated");
      traffic.send("never");
      slo.violated("auto-recovery", "last 50 within 10m");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void whoeverWaitsForASpareIsLate(Story story) {
    story
        .given(pool("bare"))
        .gated(
            gate("slo", "bare")
                .report(30)
                .profiles("application", "coordination")
                .share("spawn", "80%", 14, 50)
                .share("allocation", "80%", 14, 50)
                .share("auto-recovery", "80%", 14, 50));
    GateCheck slo = story.gate("slo").has("Ready", "True");
    story.when(poolIsScaledTo("bare", 15));
    cold(slo, 15);
    // Violated takes a second look, ten seconds later, and something new to look at.
    remains(Duration.ofSeconds(11), () -> slo.reads("spawn", "Unknown"));
    story.when(poolIsScaledTo("bare", 18));
    slo.violated("spawn", "last 50 within 10m").violated("allocation", "last 50 within 10m");
    cold(slo, 18);
    story.when(agentDies("bare-0"));
    cold(slo, 19);
    assertThat(slo.row("auto-recovery").reason())
        .as("one loss is healed, and proves nothing")
        .isEqualTo("InsufficientSamples");
  }

  private static void cold(GateCheck slo, int spawns) {
    Story.eventually(
        Story.PATIENCE,
        () ->
            assertThat(slo.row("spawn").beside())
                .startsWith("warm none, cold p50 ")
                .endsWith(" of " + spawns));
  }

  @Test
  @Execution(CONCURRENT)
  void agentsOfTwoNodesAskEachOther(Story story) {
    story
        .given(pool("talks").replicas(6))
        .gated(
            gate("slo", "talks")
                .report(30)
                .profiles("coordination", "transport")
                .quick("agent-latency", "", "80%", 14)
                .quick("delivery-local", "", "80%", 14)
                .quick("delivery-remote", "", "80%", 14));
    GateCheck slo = story.gate("slo");
    for (String objective : new String[] {"agent-latency", "delivery-local", "delivery-remote"}) {
      slo.says(objective, "Met");
      assertThat(slo.row(objective).beside()).startsWith("p50 ");
    }
    assertThat(slo.row("delivery-remote").coverage()).isNotNull();
    try (var _ = story.traffic("talks", "hello", 10)) {
      // Twenty batches of ten seconds are longer than a test should take: a figure is enough.
      Story.eventually(
          Story.PATIENCE,
          () -> assertThat(slo.row("sync-overhead").value()).isNotNull().matches("[0-9.]+%"));
    }
  }
}

package dev.strata.e2e;

import static dev.strata.e2e.Event.agentDies;
import static dev.strata.e2e.Event.podFreezes;
import static dev.strata.e2e.Event.podThaws;
import static dev.strata.e2e.Event.poolIsPatched;
import static dev.strata.e2e.Event.poolIsScaledTo;
import static dev.strata.e2e.GateDraft.gate;
import static dev.strata.e2e.Named.thePool;
import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.remains;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** What a user sees of quality gates. */
@SystemTest
final class GateTest {
  private static final String HEAVY =
      """
      {"spec": {"template": {"env": [{"name": "AGENT_JAVA_OPTIONS",
        "value": "-Xms180m -Xmx180m -XX:+AlwaysPreTouch"}]}}}
      """;
  private static final String LIGHT = "{\"spec\": {\"template\": {\"env\": []}}}";

  @Test
  @Execution(CONCURRENT)
  void aHealthyPoolIsSatisfied(Story story) {
    story
        .given(pool("calm").replicas(3))
        .gated(gate("slo", "calm").ownThroughput("brisk", "5/s").ownThroughput("fast", "500/s"));
    try (var _ = story.traffic("calm", "hello", 10)) {
      assertThat(story.kubectl("wait", "--for=condition=Satisfied", "qg/slo", "--timeout=120s"))
          .contains("condition met");
      story.gate("slo").has("Ready", "True").has("SignalsAvailable", "True");
      story.gate("slo").has("BudgetHealthy", "True");
      story.gate("slo").says("response-time", "Met").says("cpu", "Unknown", "NotExposed");
      story.gate("slo").says("brisk", "Met").says("fast", "Unknown", "NotApplicable");
      assertThat(story.gate("slo").row("overhead").value())
          .as("our bytes over those of small tasks and results")
          .matches("[0-9.]+%");
      assertThat(story.gate("slo").row("overhead").beside())
          .matches("the engine's own bytes: [0-9.]+% of the payload");
      story.gate("slo").is(Kstatus.Current);
    }
    assertThat(story.kubectl("get", "qg")).contains("SATISFIED", "slo", "True", "/35");
    assertThat(story.kubectl("get", "ap")).contains("GATE", "calm", "True");
    assertThat(story.kubectl("get", "qgp"))
        .contains("application", "coordination", "transport", "physical", "True");
  }

  @Test
  @Execution(CONCURRENT)
  void slowAnswersAreViolatedAndHealed(Story story) {
    story
        .given(pool("lazy").replicas(2).java("sleep").set("agent.concurrency", 4))
        .gated(
            gate("slo", "lazy")
                .profiles("application")
                .mode("Warn")
                .quick("response-time", "500ms", "90%", 29)
                .ownBurn("answers", "500ms"));
    GateCheck slo = story.gate("slo");
    try (var history = story.history("slo");
        var traffic = story.traffic("lazy", "5", 6)) {
      slo.says("response-time", "Met").has("BudgetHealthy", "True").has("Satisfied", "True");
      traffic.send("900");
      slo.violated("response-time", "30s")
          .has("Satisfied", "False")
          .has("ApplicationMet", "False")
          .is(Kstatus.Current);
      assertThat(slo.row("response-time").bound()).isNotNull();
      assertThat(slo.row("response-time").beside())
          .as("one per cent of the events or more took 900 ms, on a busy machine longer")
          .startsWith("p50 ")
          .containsPattern(", p99 (9\\d{2}|\\d{4,})ms");
      slo.has("BudgetHealthy", "False");
      assertThat(slo.condition("BudgetHealthy").reason()).isEqualTo("FastBurn");
      assertThat(slo.condition("BudgetHealthy").message())
          .as("the overridden target leaves no room for its factor")
          .matches("answers burns [0-9.]+ times its budget over 1m and [0-9.]+ times over 20s");
      traffic.send("5");
      slo.says("response-time", "Met").has("Satisfied", "True").has("BudgetHealthy", "True");
      assertThat(slo.condition("BudgetHealthy").reason()).isEqualTo("WithinBudget");
      slo.turnedOnce(history, "response-time", "Satisfied", "BudgetHealthy");
    }
    Story.eventually(
        Story.PATIENCE,
        () ->
            assertThat(story.kubectl("describe", "qg", "slo"))
                .contains("Violated", "response-time is Violated")
                .containsPattern("FastBurn .*answers burns")
                .containsPattern("WithinBudget .*no error budget burns too fast"));
  }

  @Test
  @Execution(CONCURRENT)
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

  @Test
  @Execution(CONCURRENT)
  void aLostAgentChangesNoVerdict(Story story) {
    GateCheck slo = GateTroublesTest.judged(story, "steady");
    try (var _ = story.traffic("steady", "hello", 10)) {
      // Until the others are measured for long enough, too.
      remains(Duration.ofSeconds(10), () -> GateTroublesTest.met(slo));
      story.when(agentDies("steady-0"));
      remains(Duration.ofSeconds(20), () -> GateTroublesTest.met(slo));
    }
  }

  @Test
  @Execution(CONCURRENT)
  void whatNeverReturnsIsBad(Story story, @TempDir Path folder) {
    story
        .given(
            pool("hung")
                .replicas(2)
                .java("hung")
                .env("HANDLERS_PATH", HandlerJar.of("HungHandler", folder).toString())
                .set("agent.concurrency", 64)
                .set("agent.timeoutSeconds", 60)
                .set("agent.retry.maxAttempts", 1))
        .gated(
            gate("slo", "hung").profiles("application").quick("response-time", "500ms", "90%", 29));
    GateCheck slo = story.gate("slo");
    try (var history = story.history("slo");
        var traffic = story.traffic("hung", "a word", 4)) {
      slo.says("response-time", "Met").has("Satisfied", "True");
      traffic.send("hang");
      slo.violated("response-time", "30s").has("Satisfied", "False");
      traffic.send("a word");
      slo.says("response-time", "Met").has("Satisfied", "True");
      slo.turnedOnce(history, "response-time", "Satisfied");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void messagesThatGetNoAnswerAreViolatedAndHealed(Story story) {
    story
        .given(pool("deaf").replicas(6).set("recovery.silenceSeconds", 120))
        .gated(
            gate("slo", "deaf")
                .profiles("transport")
                .without("delivery-local", "delivery-remote")
                .quick("delivery-success", "", "90%", 29));
    GateCheck slo = story.gate("slo").says("delivery-success", "Met").has("TransportMet", "True");
    GateHistory history = story.history("slo");
    String pod =
        story
            .client()
            .pods()
            .inNamespace(story.namespace())
            .list()
            .getItems()
            .getFirst()
            .getMetadata()
            .getName();
    story.when(podFreezes(pod));
    try {
      slo.violated("delivery-success", "30s")
          .has("Satisfied", "False")
          .has("TransportMet", "False");
    } finally {
      story.when(podThaws(pod));
    }
    try (history) {
      slo.says("delivery-success", "Met").has("Satisfied", "True").has("TransportMet", "True");
      slo.turnedOnce(history, "delivery-success", "Satisfied", "TransportMet");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void heavyAgentsAreNamed(Story story) {
    story
        .given(pool("heavy").replicas(2))
        .gated(gate("slo", "heavy").profiles("application").quick("agent-memory", "", "", 10));
    GateCheck slo = story.gate("slo").says("agent-memory", "Met");
    assertThat(slo.row("agent-memory").value()).endsWith("MB");
    slo.has("Satisfied", "True");
    GateHistory history = story.history("slo");
    story.when(poolIsPatched("heavy", HEAVY));
    slo.violated("agent-memory", "30s").has("Satisfied", "False");
    assertThat(slo.row("agent-memory").worst())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).startsWith("heavy-").endsWith("MB"));
    story.when(poolIsPatched("heavy", LIGHT));
    try (history) {
      slo.says("agent-memory", "Met").has("Satisfied", "True");
      slo.turnedOnce(history, "agent-memory", "Satisfied");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void anAgentKilledForWantOfMemoryIsAViolationAtOnce(Story story) {
    story
        .given(pool("starved").replicas(2).warm(1))
        .gated(gate("slo", "starved").profiles("application").quick("agent-memory", "", "", 10));
    GateCheck slo = story.gate("slo").says("agent-memory", "Met");
    String pod =
        story
            .client()
            .pods()
            .inNamespace(story.namespace())
            .list()
            .getItems()
            .getFirst()
            .getMetadata()
            .getName();
    // As the kubelet says it.
    story.kubectl(
        "patch",
        "pod",
        pod,
        "--subresource=status",
        "--type=merge",
        "-p",
        """
        {"status": {"phase": "Failed", "containerStatuses": [{"name": "agent", "image": "x",
          "imageID": "x", "ready": false, "restartCount": 0, "state": {"terminated": {
          "reason": "OOMKilled", "exitCode": 137}}}]}}
        """);
    slo.says("agent-memory", "Violated");
    assertThat(slo.row("agent-memory").worst()).contains(pod + " was killed: out of memory");
    slo.says("agent-memory", "Met");
  }

  @Test
  @Execution(CONCURRENT)
  void withoutAnySignalNothingIsKnownAndNothingIsDone(Story story) {
    story.given(pool("empty").replicas(0)).gated(gate("slo", "empty").enforce("HoldScaleDown"));
    GateCheck slo = story.gate("slo").has("Ready", "True");
    Story.eventually(Story.PATIENCE, () -> assertThat(slo.status().objectives()).hasSize(33));
    remains(
        Duration.ofSeconds(5),
        () -> {
          slo.knowsNothing("NoDemand", "InsufficientSamples");
          assertThat(slo.status().actions()).isEmpty();
        });
    assertThat(slo.condition("Satisfied").status()).isEqualTo("Unknown");
    assertThat(slo.condition("PhysicalMet").status()).isEqualTo("Unknown");
    slo.is(Kstatus.Current);
    story.kubectl("patch", "qg", "slo", "--type=merge", "-p", "{\"spec\":{\"suspend\":true}}");
    Story.eventually(
        Story.PATIENCE, () -> assertThat(slo.condition("Ready").reason()).isEqualTo("Suspended"));
    slo.is(Kstatus.Current);
  }

  @Test
  @Execution(CONCURRENT)
  void whatCannotBeJudgedSaysWhatToWrite(Story story) {
    story
        .given(pool("asked"))
        .gated(gate("unproven", "asked").quick("response-time", "", "99%", 59))
        .gated(gate("unknown", "asked").quick("response-tine", "", "90%", 59))
        .gated(gate("unlimited", "asked").quick("agent-memory", "2s", "", 30))
        .gated(gate("early", "nobody"));
    stalled(story, "unproven", "minSamples is 59, and 99% needs at least 299");
    stalled(story, "unknown", "response-tine, which none of the profiles");
    stalled(story, "unlimited", "the objective has none: remove it");
    story.gate("early").has("Ready", "False");
    assertThat(story.gate("early").condition("Ready").reason()).isEqualTo("TargetNotFound");
    story.gate("early").is(Kstatus.InProgress);
    story.given(pool("nobody"));
    story.gate("early").has("Ready", "True");
  }

  private static void stalled(Story story, String gate, String sentence) {
    GateCheck check = story.gate(gate).has("Stalled", "True").has("Satisfied", "Unknown");
    assertThat(check.condition("Stalled").message()).contains(sentence);
    check.is(Kstatus.Failed);
  }
}

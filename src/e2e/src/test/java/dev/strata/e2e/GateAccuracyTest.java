package dev.strata.e2e;

import static dev.strata.e2e.GateDraft.gate;
import static dev.strata.e2e.Named.thePool;
import static dev.strata.e2e.PoolDraft.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** What a user sees of correct and incorrect outputs. */
@SystemTest
final class GateAccuracyTest {

  private static GateDraft accuracy(String gate, String pool) {
    return gate(gate, pool).profiles("application").mode("Warn").quickLast("accuracy", 59, 100);
  }

  @Test
  @Execution(CONCURRENT)
  void wrongAnswersAreViolatedAndHealed(Story story) {
    story
        .given(pool("answers").replicas(2).set("agent.validation", Map.of("pattern", "[a-z ]+")))
        .gated(accuracy("slo", "answers").quick("response-time", "", "90%", 29));
    GateCheck slo = story.gate("slo");
    try (var history = story.history("slo");
        var traffic = story.traffic("answers", "a word", 20)) {
      slo.says("accuracy", "Met").has("ApplicationMet", "True");
      assertThat(slo.row("accuracy").source()).isEqualTo("agents: regular expression");
      assertThat(slo.row("accuracy").coverage()).isNotNull();
      traffic.send("NO WORD");
      slo.violated("accuracy", "last 100 within 30s")
          .has("Satisfied", "False")
          .has("ApplicationMet", "False");
      // An operation is to be answered in time and correctly.
      slo.says("response-time", "Violated");
      // Counted and nothing else: the output is the task's result all the same.
      story.tasks("answers").answers("STILL NO WORD", "STILL NO WORD");
      traffic.send("a word");
      slo.says("accuracy", "Met").has("Satisfied", "True").has("ApplicationMet", "True");
      slo.turnedOnce(history, "accuracy", "Satisfied", "ApplicationMet");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void agentsJudgeEachOtherByTheMajority(Story story, @TempDir Path folder) {
    story
        .given(
            pool("jury")
                .replicas(3)
                .java("solitary")
                .env("HANDLERS_PATH", HandlerJar.of("SolitaryHandler", folder).toString())
                .set("agent.concurrency", 8)
                .set("agent.validation", Map.of("majority", 3)))
        .gated(accuracy("slo", "jury"));
    GateCheck slo = story.gate("slo");
    try (var traffic = story.traffic("jury", "together", 20)) {
      slo.says("accuracy", "Met");
      assertThat(slo.row("accuracy").source()).isEqualTo("agents: majority of 3 agents");
      traffic.send("apart");
      slo.says("accuracy", "Violated").has("Satisfied", "False");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void anotherPoolJudges(Story story, @TempDir Path folder) {
    story
        .given(
            pool("checkers")
                .java("checking")
                .env("HANDLERS_PATH", HandlerJar.of("CheckingHandler", folder).toString())
                .set("agent.concurrency", 8))
        .given(
            pool("writers")
                .replicas(2)
                .set("agent.concurrency", 8)
                .set("agent.validation", Map.of("verifier", Map.of("pool", "checkers"))))
        .gated(accuracy("slo", "writers"));
    GateCheck slo = story.gate("slo");
    try (var traffic = story.traffic("writers", "right", 20)) {
      slo.says("accuracy", "Met");
      assertThat(slo.row("accuracy").source()).isEqualTo("agents: verifier pool checkers");
      traffic.send("wrong");
      slo.says("accuracy", "Violated").has("Satisfied", "False");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void aVerifierThatCannotBeAskedIsSaid(Story story) {
    story
        .given(
            pool("narcissus")
                .set("agent.validation", Map.of("verifier", Map.of("pool", "narcissus"))))
        .gated(accuracy("slo", "narcissus"));
    story
        .then(thePool("narcissus"))
        .says(Story.PATIENCE, "VerifierMissing", "NoVerifier", "names the pool itself");
    try (var _ = story.traffic("narcissus", "x", 10)) {
      story.gate("slo").says("accuracy", "Unknown", "LowCoverage");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void tooFewAgentsForAMajorityAreSaid(Story story) {
    story
        .given(pool("pair").replicas(2).set("agent.validation", Map.of("majority", 5)))
        .gated(accuracy("slo", "pair"));
    try (var _ = story.traffic("pair", "x", 10)) {
      story.gate("slo").says("accuracy", "Unknown", "LowCoverage");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void whatIsNotJudgedIsSaid(Story story) {
    story
        .given(pool("plain"))
        .given(pool("asked").set("agent.validation", Map.of("reference", true)))
        .gated(accuracy("without", "plain"))
        .gated(accuracy("unanswered", "asked"));
    try (var _ = story.traffic("plain", "x", 10);
        var _ = story.traffic("asked", "x", 10)) {
      story.gate("without").says("accuracy", "Unknown", "NotExposed");
      story.gate("unanswered").says("accuracy", "Unknown", "LowCoverage");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void aPatternThatIsNoneStallsThePool(Story story) {
    story.applied(
        pool("typo")
            .set("agent.validation", Map.of("pattern", "[a-z"))
            .set("recovery.maxAttempts", 2));
    story
        .then(thePool("typo"))
        .says(
            Story.PATIENCE,
            "Stalled",
            "BreakerOpen",
            "spec.agent.validation.pattern is no regular expression");
  }
}

package dev.strata.agent.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.agent.TestPool;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Task;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes of asking another pool, by what its agents answer. */
class VerifierTest {
  private static final Duration LIMIT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofHours(1);

  private final FakeVerifierPool checkers = new FakeVerifierPool();

  private Verifier verifier(Duration limit) {
    return new Verifier(checkers, "pool-uid", limit);
  }

  private static Answer answer(int attempt, String output, String reference) {
    return new Answer(new Task("id", "six times \"seven\"", 1, reference), attempt, output);
  }

  private Judgement judged() {
    return verifier(LIMIT).judge(answer(1, "42", null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        " true\n",
        "True",
        "{\"correct\": true}",
        "{\"correct\": true, \"why\": \"I looked it up\"}",
      })
  void itMaySayThatItIsCorrect(String output) {
    checkers.answers(output);
    assertThat(judged()).isInstanceOf(Judgement.Correct.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "FALSE", "{\"correct\":false}"})
  void itMaySayThatItIsNot(String output) {
    checkers.answers(output);
    assertThat(judged())
        .isEqualTo(
            new Judgement.Incorrect("the verifier pool says that the output is not correct"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yes",
        "1",
        "null",
        "[true]",
        "true, I think",
        "{\"correct\": \"true\"}",
        "{\"correct\": 1}",
        "{\"right\": true}",
        "{\"correct\": true} or so",
        "{\"correct\": tr",
      })
  void anythingElseIsNoJudgement(String output) {
    checkers.answers(output);
    assertThat(judged()).isInstanceOf(Judgement.NotJudged.class);
  }

  @Test
  void itGetsInputOutputAndReference() throws Exception {
    checkers.answers("true");
    verifier(LIMIT).judge(answer(1, "42", "forty two"));
    verifier(LIMIT).judge(answer(1, "42", null));
    assertThat(checkers.tasks())
        .extracting(task -> Messages.mapper().readTree(task.input()))
        .containsExactly(
            Messages.mapper()
                .readTree(
                    """
                    {"input": "six times \\"seven\\"", "output": "42", "reference": "forty two"}\
                    """),
            Messages.mapper()
                .readTree(
                    """
                    {"input": "six times \\"seven\\"", "output": "42"}\
                    """));
    assertThat(checkers.tasks()).allMatch(task -> MessageIds.isTaskId(task.id()));
    assertThat(checkers.tasks()).extracting(Task::reference).containsOnlyNulls();
  }

  @Test
  void aRepetitionIsADuplicateAndAnythingElseIsNot() {
    checkers.answers("true");
    Verifier verifier = verifier(LIMIT);
    for (int i = 0; i < 2; i++) {
      assertThat(verifier.judge(answer(1, "42", null))).isInstanceOf(Judgement.Correct.class);
    }
    assertThat(checkers.tasks()).hasSize(1);
    verifier.judge(answer(2, "42", null));
    verifier.judge(answer(1, "43", null));
    new Verifier(checkers, "another-pool", LIMIT).judge(answer(1, "42", null));
    assertThat(checkers.tasks()).hasSize(4).doesNotHaveDuplicates();
  }

  @Test
  void aFailedTaskAFullQueueAndAnEngineThatIsAwayAreNoJudgement() {
    checkers.fails();
    assertThat(judged()).isInstanceOf(Judgement.NotJudged.class);
    checkers.full();
    assertThat(judged()).isInstanceOf(Judgement.NotJudged.class);
    checkers.away();
    assertThat(judged()).isInstanceOf(Judgement.NotJudged.class);
    assertThat(checkers.tasks()).hasSize(1);
  }

  @Test
  void aSilentPoolIsWaitedForAsLongAsATaskMayTake() {
    long began = System.nanoTime();
    assertThat(judged()).isInstanceOf(Judgement.NotJudged.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(LIMIT);
  }

  @Test
  void theWaitingEndsWithItsOwner() throws Exception {
    Verifier verifier = verifier(LONG);
    var judgement = CompletableFuture.supplyAsync(() -> verifier.judge(answer(1, "42", null)));
    Awaitility.await().until(() -> checkers.tasks().size() == 1);
    verifier.close();
    assertThat(judgement.get(10, TimeUnit.SECONDS)).isInstanceOf(Judgement.NotJudged.class);
    assertThat(verifier.judge(answer(2, "42", null))).isInstanceOf(Judgement.NotJudged.class);
    assertThat(checkers.tasks()).hasSize(1);
  }

  @Test
  void judgementsOfStoredResultsWaitUpToABound() {
    Verifier verifier = verifier(LONG);
    var later = new LaterJudgements(verifier, 1);
    Validation validation = Validation.afterwardsBy(verifier, later);
    var told = new CopyOnWriteArrayList<Judgement>();
    for (int i = 1; i <= 66; i++) {
      Answer answer = answer(i, "42", null);
      assertThat(validation.judge(answer)).isInstanceOf(Judgement.NotJudged.class);
      validation.stored(answer, new Judgement.NotJudged(), told::add);
    }
    assertThat(told).as("one under way, 64 wait").hasSize(1);
    verifier.close();
    later.close();
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(told).hasOnlyElementsOfType(Judgement.NotJudged.class).hasSize(66));
  }

  @Test
  void withoutThePoolNothingIsJudgedAndThatIsSeen() {
    var missing = new AgentConfig.Validation(null, null, false, 0, "", true);
    var validation = Validation.of(TestPool.config(TestPool.java("echo"), missing));
    assertThat(validation.judges()).isTrue();
    assertThat(validation.judge(answer(1, "42", null))).isInstanceOf(Judgement.NotJudged.class);
    assertThat(validation.judgeFailed(new Task("id", "x", 1)))
        .isInstanceOf(Judgement.Incorrect.class);
  }
}

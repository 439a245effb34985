package dev.strata.agent.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.agent.TestPool;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What comes of votes, by what peers answer. */
class VotesTest {
  private static final Duration LIMIT = Duration.ofMillis(300);

  private final FakePeers peers = new FakePeers();
  private final List<AutoCloseable> made = new ArrayList<>();
  private boolean active = true;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : made.reversed()) {
      each.close();
    }
  }

  private Votes votes(int agents, Duration limit) {
    var validation = new AgentConfig.Validation(null, null, false, agents, null, true);
    var config =
        new AgentConfig(TestPool.java("echo"), 1, limit.toMillis(), 1, 1, 1, 1, 10_000, validation);
    var votes =
        new Votes(
            peers,
            peers.messages(),
            FakePeers.POOL,
            FakePeers.SELF,
            config,
            peers::names,
            () -> active);
    made.add(votes);
    return votes;
  }

  private static Answer answer(String output) {
    return new Answer(new Task("id", "input", 1), 2, output);
  }

  private Judgement judged(int agents, String output) {
    return votes(agents, LIMIT).judge(answer(output));
  }

  @Test
  void peersThatAgreeMakeItCorrect() {
    peers.answers("pod-1", "yes").answers("pod-2", "yes");
    assertThat(judged(3, "yes")).isInstanceOf(Judgement.Correct.class);
    assertThat(peers.questions())
        .hasSize(2)
        .allSatisfy(
            question -> {
              assertThat(question.taskId()).isEqualTo("id");
              assertThat(question.input()).isEqualTo("input");
              assertThat(question.attempt()).isEqualTo(2);
            })
        .doesNotHaveDuplicates();
  }

  @Test
  void peersThatDisagreeMakeItIncorrect() {
    peers.answers("pod-1", "no").answers("pod-2", "neither");
    assertThat(judged(3, "yes"))
        .isEqualTo(new Judgement.Incorrect("2 of 3 agents gave another output"));
  }

  @Test
  void aBusyPeerHasNoVote() {
    peers.busy("pod-1").answers("pod-2", "no");
    assertThat(judged(3, "yes")).isInstanceOf(Judgement.NotJudged.class);
    peers.answers("pod-2", "yes");
    assertThat(judged(3, "yes")).isInstanceOf(Judgement.Correct.class);
  }

  @Test
  void aSilentPeerIsWaitedForAsLongAsATaskMayTake() {
    peers.silent("pod-1").answers("pod-2", "no");
    long began = System.nanoTime();
    assertThat(judged(3, "yes")).isInstanceOf(Judgement.NotJudged.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(LIMIT);
  }

  @Test
  void nobodyIsWaitedForOnceItIsDecided() {
    peers.silent("pod-1").answers("pod-2", "yes");
    assertThat(votes(3, Duration.ofHours(1)).judge(answer("yes")))
        .isInstanceOf(Judgement.Correct.class);
    peers.silent("pod-1").answers("pod-2", "a").answers("pod-3", "b").answers("pod-4", "c");
    assertThat(votes(5, Duration.ofHours(1)).judge(answer("yes")))
        .isInstanceOf(Judgement.Incorrect.class);
  }

  @Test
  void withTooFewPeersNobodyIsAsked() {
    assertThat(judged(3, "yes")).isInstanceOf(Judgement.NotJudged.class);
    peers.answers("pod-1", "yes");
    assertThat(judged(5, "yes")).isInstanceOf(Judgement.NotJudged.class);
    assertThat(peers.questions()).isEmpty();
    assertThat(judged(3, "yes")).as("one of two is enough").isInstanceOf(Judgement.Correct.class);
  }

  @Test
  void noMoreAreAskedThanVote() {
    peers.answers("pod-1", "no").answers("pod-2", "no").answers("pod-3", "yes");
    assertThat(judged(3, "yes")).isInstanceOf(Judgement.Incorrect.class);
    assertThat(peers.questions()).hasSize(2);
  }

  @Test
  void nobodyVotesForAnotherOrTwice() {
    peers.answersAs("pod-1", "pod-2", "yes").answersTwice("pod-2", "no");
    assertThat(judged(3, "yes")).isInstanceOf(Judgement.NotJudged.class);
  }

  @Test
  void whoCannotBeReachedHasNoVote() {
    peers.unreachable();
    peers.answers("pod-1", "yes").answers("pod-2", "yes");
    assertThat(votes(3, Duration.ofHours(1)).judge(answer("yes")))
        .isInstanceOf(Judgement.NotJudged.class);
  }

  @Test
  void whoIsNotActiveAsksNobody() {
    active = false;
    peers.answers("pod-1", "yes").answers("pod-2", "yes");
    assertThat(judged(3, "yes")).isInstanceOf(Judgement.NotJudged.class);
    assertThat(peers.questions()).isEmpty();
  }

  @Test
  void votesEndWithTheirOwner() throws Exception {
    peers.silent("pod-1").silent("pod-2");
    Votes votes = votes(3, Duration.ofHours(1));
    var judgement = CompletableFuture.supplyAsync(() -> votes.judge(answer("yes")));
    Awaitility.await().until(() -> peers.questions().size() == 2);
    votes.close();
    assertThat(judgement.get(10, TimeUnit.SECONDS)).isInstanceOf(Judgement.NotJudged.class);
    assertThat(votes.judge(answer("yes"))).isInstanceOf(Judgement.NotJudged.class);
  }

  @Test
  void laterVotesWaitUpToABoundAndEndWithTheirOwner() {
    peers.silent("pod-1").silent("pod-2");
    Votes votes = votes(3, Duration.ofHours(1));
    var later = new LaterJudgements(votes, 1);
    made.add(later);
    var told = new CopyOnWriteArrayList<Judgement>();
    for (int i = 0; i < 65; i++) {
      later.add(answer("yes"), told::add);
    }
    assertThat(told).as("one under way, 64 wait").isEmpty();
    later.add(answer("yes"), told::add);
    assertThat(told).hasOnlyElementsOfType(Judgement.NotJudged.class).hasSize(1);
    votes.close();
    later.close();
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(told).hasOnlyElementsOfType(Judgement.NotJudged.class).hasSize(66));
    later.add(answer("yes"), told::add);
    assertThat(told).hasSize(67);
  }

  @Test
  void largeOutputsDoNotWaitInNumbers() {
    peers.silent("pod-1").silent("pod-2");
    Votes votes = votes(3, Duration.ofHours(1));
    var later = new LaterJudgements(votes, 1);
    made.add(later);
    var told = new CopyOnWriteArrayList<Judgement>();
    later.add(answer("yes"), told::add);
    Awaitility.await().until(() -> peers.questions().size() == 2);
    for (int i = 0; i < 4; i++) {
      later.add(answer("y".repeat(600_000)), told::add);
    }
    assertThat(told).hasSize(1);
    votes.close();
  }
}

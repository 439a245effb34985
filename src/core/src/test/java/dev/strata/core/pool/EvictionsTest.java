package dev.strata.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Agents go for missing their targets: one at a time, and never too many. */
final class EvictionsTest {
  private static final EvictionLimits LIMITS =
      new EvictionLimits(40, true, Duration.ofMinutes(5), 2);
  private static final Duration KEPT = Duration.ofMinutes(30);

  @Test
  void theViolatorGoesAndAnotherTakesItsPlace() {
    FakeCluster cluster = pool(5);
    PodView sick = cluster.holder(2);
    cluster.violate(violator(sick, "slo")).settles();
    assertThat(cluster.pods()).extracting(PodView::uid).doesNotContain(sick.uid());
    assertThat(cluster.facts().ready()).isEqualTo(5);
    assertThat(cluster.spent()).extracting(Spent::pod).containsExactly(sick.uid());
  }

  @Test
  void whatTwoGatesWouldTakeAwayNeitherDoesAndBothCountIt() {
    FakeCluster cluster = pool(10);
    cluster.violate(violator(cluster.holder(1), "slo").contest()).settles();
    assertThat(cluster.spent()).isEmpty();
    assertThat(forgone(cluster)).isEmpty();
    cluster.violate(
        IntStream.range(0, 6)
            .mapToObj(i -> violator(cluster.holder(i), "slo").contest())
            .toArray(Violator[]::new));
    cluster.settles();
    assertThat(cluster.spent()).isEmpty();
    assertThat(forgone(cluster)).containsExactly(Reason.TooManyViolators);
  }

  @Test
  void theNextOneWaitsForTheCooldown() {
    FakeCluster cluster = pool(10);
    cluster.violate(violator(cluster.holder(1), "slo"), violator(cluster.holder(2), "slo"));
    cluster.settles();
    assertThat(cluster.spent()).hasSize(1);
    assertThat(forgone(cluster)).containsExactly(Reason.CoolingDown);
    cluster.passes(Duration.ofMinutes(5)).settles();
    assertThat(cluster.spent()).hasSize(2);
  }

  @Test
  void anHourHasItsBudgetWhicheverGateAsked() {
    FakeCluster cluster = pool(20);
    cluster.violate(
        violator(cluster.holder(1), "memory"),
        violator(cluster.holder(2), "pauses"),
        violator(cluster.holder(3), "memory"));
    for (int i = 0; i < 6; i++) {
      cluster.passes(Duration.ofMinutes(6)).settles();
    }
    assertThat(cluster.spent()).hasSize(2);
    assertThat(forgone(cluster)).contains(Reason.BudgetSpent);
    cluster.passes(Duration.ofHours(1)).settles();
    assertThat(cluster.spent()).hasSize(3);
  }

  @Test
  void sixtyPercentThroughTwoGatesAreTooMany() {
    FakeCluster cluster = pool(40);
    cluster.violate(
        IntStream.range(0, 24)
            .mapToObj(i -> violator(cluster.holder(i), i % 2 == 0 ? "memory" : "pauses"))
            .toArray(Violator[]::new));
    List<String> before = cluster.pods().stream().map(PodView::uid).toList();
    cluster.settles();
    assertThat(cluster.spent()).isEmpty();
    assertThat(cluster.pods()).extracting(PodView::uid).isEqualTo(before);
    assertThat(PoolPlanner.plan(cluster.view()).of(Action.Forgo.class))
        .extracting(Action.Forgo::gate, Action.Forgo::why)
        .containsExactlyInAnyOrder(
            tuple("memory", Reason.TooManyViolators), tuple("pauses", Reason.TooManyViolators));
  }

  @Test
  void theFirstToCrossDoesNotGoForWhatAllShare() {
    FakeCluster cluster = pool(10);
    cluster.violate(violator(cluster.holder(3), "slo"));
    cluster.affect(IntStream.of(3, 4, 5, 6, 7).mapToObj(cluster::holder).toArray(PodView[]::new));
    assertThat(forgone(cluster)).containsExactly(Reason.TooManyViolators);
    cluster.settles();
    assertThat(cluster.spent()).isEmpty();
    cluster.affect(cluster.holder(3), cluster.holder(4), cluster.holder(5)).settles();
    assertThat(cluster.spent()).hasSize(1);
  }

  @Test
  void anAgentThatTwoGatesAccuseIsOneViolator() {
    FakeCluster cluster = pool(5);
    cluster.violate(
        Stream.of(0, 1)
            .flatMap(
                i ->
                    Stream.of(
                        violator(cluster.holder(i), "memory"),
                        violator(cluster.holder(i), "pauses")))
            .toArray(Violator[]::new));
    cluster.settles();
    assertThat(cluster.spent()).hasSize(1);
  }

  @Test
  void aShareOfAFewAgentsIsRoundedDown() {
    FakeCluster cluster = pool(2);
    cluster.violate(violator(cluster.holder(0), "slo")).settles();
    assertThat(cluster.spent()).isEmpty();
    assertThat(forgone(cluster)).containsExactly(Reason.TooManyViolators);
  }

  @Test
  void theLastReadyAgentStaysUntilASpareWaits() {
    for (boolean paid : new boolean[] {false, true}) {
      FakeCluster cluster =
          new FakeCluster(FakeCluster.policy(1, 0), null, "node-a", "node-b").settles();
      PodView sick = cluster.holder(0);
      cluster.violate(
          new Violator(
              sick.uid(),
              "slo",
              "agent-memory",
              "120 MB",
              new EvictionLimits(1, false, Duration.ofMinutes(5), 2),
              null));
      if (paid) {
        cluster.pays(sick.uid());
      }
      assertThat(forgone(cluster)).containsOnlyOnce(Reason.MinReady);
      cluster.settles();
      assertThat(cluster.holder(0).uid()).isEqualTo(sick.uid());
      cluster.policy(p -> FakeCluster.policy(1, 1)).settles();
      assertThat(cluster.pods()).extracting(PodView::uid).doesNotContain(sick.uid());
      assertThat(cluster.facts().ready()).isEqualTo(1);
    }
  }

  @Test
  void whatIsPaidForIsDoneWithoutPayingAgain() {
    FakeCluster cluster = pool(5);
    PodView sick = cluster.holder(2);
    cluster.pays(sick.uid()).violate(violator(sick, "slo")).settles();
    assertThat(cluster.pods()).extracting(PodView::uid).doesNotContain(sick.uid());
    assertThat(cluster.spent()).hasSize(1);
  }

  @Test
  void whileAnotherTakesAgentsAwayNobodyElseDoes() {
    FakeCluster cluster = pool(5);
    PodView sick = cluster.holder(2);
    cluster.violate(violator(sick, "slo")).template("t2");
    assertThat(forgone(cluster)).containsExactly(Reason.DisruptionUnderWay);
    cluster.settles();
    assertThat(cluster.spent()).as("the rollout has replaced it").isEmpty();
  }

  @Test
  void noRolloutBeginsBeforeTheAgentThatWasTakenAwayIsGone() {
    for (boolean kept : new boolean[] {false, true}) {
      FakeCluster cluster = wide();
      PodView sick = cluster.holder(2);
      cluster.lingers(sick).violate(kept ? quarantine(sick) : violator(sick, "slo")).settles();
      assertThat(cluster.facts().ready()).as("it is replaced").isEqualTo(6);
      cluster.violate().template("t2").settles();
      assertThat(cluster.facts().spares()).as("two spares of the new template").isEqualTo(2);
      assertThat(cluster.facts().updated()).isZero();
      assertThat(holds(cluster)).contains(Reason.DisruptionUnderWay);
      cluster.comesToItsEnd().settles();
      assertThat(cluster.facts().ready()).isEqualTo(6);
      assertThat(cluster.facts().updated()).isEqualTo(6);
    }
  }

  @Test
  void noSurplusGoesBeforeTheAgentThatWasTakenAwayIsGone() {
    FakeCluster cluster = wide();
    PodView sick = cluster.holder(2);
    cluster.lingers(sick).violate(violator(sick, "slo")).act();
    cluster.violate().scale(4);
    assertThat(departures(cluster)).as("its identity is vacant").isZero();
    cluster.settles();
    assertThat(cluster.facts().active()).as("it finishes still").isEqualTo(5);
    cluster.comesToItsEnd().settles();
    assertThat(cluster.facts().active()).isEqualTo(4);
  }

  /** Six agents of which two may be missing at a time. */
  private static FakeCluster wide() {
    return new FakeCluster(FakeCluster.policy(6, 2, 2, false), null, "node-a", "node-b").settles();
  }

  private static int departures(FakeCluster cluster) {
    return PoolPlanner.plan(cluster.view()).of(Action.Drain.class).size();
  }

  private static List<Reason> holds(FakeCluster cluster) {
    return PoolPlanner.plan(cluster.view()).of(Action.Hold.class).stream()
        .map(Action.Hold::why)
        .toList();
  }

  private static FakeCluster pool(int replicas) {
    return new FakeCluster(FakeCluster.policy(replicas, 1), null, "node-a", "node-b").settles();
  }

  @Test
  void aQuarantinedAgentIsReplacedAndKept() {
    FakeCluster cluster = pool(5);
    PodView sick = cluster.holder(2);
    cluster.violate(quarantine(sick)).settles();
    assertThat(cluster.facts().ready()).isEqualTo(5);
    assertThat(cluster.identities().values())
        .extracting(IdentityView::holder)
        .doesNotContain(sick.uid());
    assertThat(kept(cluster)).containsExactly(sick.uid());
    assertThat(cluster.spent()).hasSize(1);
    cluster.violate().passes(KEPT).settles();
    assertThat(kept(cluster)).isEmpty();
    assertThat(cluster.pods()).extracting(PodView::uid).doesNotContain(sick.uid());
  }

  @Test
  void aQuarantinedAgentIsLeftAloneByEverythingElse() {
    FakeCluster cluster = pool(5);
    PodView sick = cluster.holder(2);
    cluster.violate(quarantine(sick)).settles();
    cluster.violate().scale(2).settles();
    assertThat(kept(cluster)).as("the pool is smaller").containsExactly(sick.uid());
    cluster.template("r2").settles();
    assertThat(kept(cluster)).as("the template is another").containsExactly(sick.uid());
    assertThat(cluster.facts().ready()).isEqualTo(2);
  }

  @Test
  void aQuarantinedAgentThatEndsIsNotKept() {
    FakeCluster cluster = pool(5);
    PodView sick = cluster.holder(2);
    cluster.violate(quarantine(sick)).settles();
    cluster.violate().ends(sick.uid()).passes(Duration.ofMinutes(1)).settles();
    assertThat(kept(cluster)).isEmpty();
    assertThat(cluster.facts().ready()).isEqualTo(5);
  }

  private static List<String> kept(FakeCluster cluster) {
    return cluster.pods().stream()
        .filter(p -> p.role() == PodRole.QUARANTINED)
        .map(PodView::uid)
        .toList();
  }

  private static Violator quarantine(PodView pod) {
    return new Violator(pod.uid(), "slo", "agent-memory", "120 MB", LIMITS, KEPT);
  }

  private static Violator violator(PodView pod, String gate) {
    return new Violator(pod.uid(), gate, "agent-memory", "120 MB", LIMITS, null);
  }

  private static List<Reason> forgone(FakeCluster cluster) {
    return PoolPlanner.plan(cluster.view()).of(Action.Forgo.class).stream()
        .map(Action.Forgo::why)
        .distinct()
        .toList();
  }
}

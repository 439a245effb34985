package dev.strata.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.core.pool.Action;
import dev.strata.core.pool.PodRef;
import dev.strata.core.pool.Reason;
import dev.strata.core.pool.Unmet;
import dev.strata.operator.gate.GateBoard;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** For how long a report may wait for agents. */
class SpawnLedgerTest {
  private static final String POOL = "uid";
  private static final Unmet FIRST = new Unmet(0, 0, Reason.ScaledUp);
  private static final Unmet SECOND = new Unmet(1, 0, Reason.ScaledUp);

  private final SpawnLedger ledger =
      new SpawnLedger(new SimpleMeterRegistry(), new GateBoard(new SimpleMeterRegistry()));

  private static long ago(Duration time) {
    return System.nanoTime() - time.toNanos();
  }

  private void wanted(Duration ago, Unmet... agents) {
    ledger.planned(POOL, List.of(), List.of(agents), ago(ago));
  }

  @Test
  void nobodyIsWaitedForWhoIsNotWanted() {
    assertThat(ledger.underWayFor(POOL)).isZero();
    wanted(Duration.ofMillis(100), FIRST);
    wanted(Duration.ZERO);
    assertThat(ledger.underWayFor(POOL)).isZero();
  }

  @Test
  void theNewestCounts() {
    wanted(Duration.ofSeconds(2), FIRST);
    assertThat(ledger.underWayFor(POOL)).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2900));
    wanted(Duration.ofMillis(200), FIRST, SECOND);
    assertThat(ledger.underWayFor(POOL)).isBetween(Duration.ofMillis(200), Duration.ofMillis(1900));
  }

  @Test
  void whoGotASpareCountsFromThen() {
    wanted(Duration.ofSeconds(2), FIRST);
    var spare = new PodRef("pod", "pod-uid", "1");
    ledger.planned(
        POOL,
        List.of(new Action.Activate(0, 0, spare, null, Reason.ScaledUp, "")),
        List.of(),
        ago(Duration.ofMillis(200)));
    assertThat(ledger.underWayFor(POOL)).isBetween(Duration.ofMillis(200), Duration.ofMillis(1900));
  }

  @Test
  void oneThatDoesNotComeEndsTheWaiting() {
    wanted(Duration.ofSeconds(4), FIRST);
    assertThat(ledger.underWayFor(POOL)).isZero();
    wanted(Duration.ofMillis(10), FIRST, SECOND);
    assertThat(ledger.underWayFor(POOL)).isZero();
  }
}

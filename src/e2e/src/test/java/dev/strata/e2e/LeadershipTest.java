package dev.strata.e2e;

import static dev.strata.e2e.Event.poolIsScaledTo;
import static dev.strata.e2e.Named.thePool;
import static dev.strata.e2e.PoolDraft.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.harness.OperatorProcess;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Two operators: one acts, the other takes over. How fast, the benchmark tells. */
@SystemTest
final class LeadershipTest {
  /** Longer than a leader may go without renewing its lease. */
  private static final Duration AWAY = Duration.ofSeconds(10);

  @Test
  void standbyTakesOverFromLeaderThatDies(Story story) {
    story.given(pool("heirs").replicas(2).warm(1));
    try (var replicas = Replicas.on(story.cluster())) {
      OperatorProcess leader = replicas.leader();
      leader.kill();
      story.when(poolIsScaledTo("heirs", 3));
      story.then(thePool("heirs")).isReady(3).hasSpares(1).hasPods(4);
      assertThat(replicas.leader()).isSameAs(replicas.otherThan(leader));
    }
  }

  @Test
  void leaderThatIsToldToEndGivesItsLeaseBack(Story story) {
    story.given(pool("relay").replicas(2).warm(1));
    try (var replicas = Replicas.on(story.cluster())) {
      OperatorProcess leader = replicas.leader();
      OperatorProcess successor = replicas.otherThan(leader);
      Instant told = Instant.now();
      leader.stop();
      replicas.awaitLeader(successor);
      assertThat(Duration.between(told, Instant.now()))
          .as("a lease that is not given back lasts longer")
          .isLessThan(AWAY);
      story.when(poolIsScaledTo("relay", 3));
      story.then(thePool("relay")).isReady(3).hasSpares(1).hasPods(4);
      assertThat(replicas.changesAfter(leader, successor, told)).isEmpty();
    }
  }

  @Test
  void frozenLeaderChangesNothingWhenItThaws(Story story) {
    story.given(pool("stale").replicas(2).warm(2));
    try (var replicas = Replicas.on(story.cluster())) {
      OperatorProcess leader = replicas.leader();
      OperatorProcess successor = replicas.otherThan(leader);
      long process = leader.pid();
      Instant frozen = Instant.now();
      story.when(poolIsScaledTo("stale", 8));
      leader.freeze();
      story.when(poolIsScaledTo("stale", 3));
      replicas.awaitLeader(successor);
      story.then(thePool("stale")).isReady(3).hasSpares(2).hasPods(5);
      var holders = story.holders();
      // An identity that the burst has given and taken back is free: it may have the next holder.
      holders.values().removeIf(holder -> holder.podUid() == null);

      story.when(poolIsScaledTo("stale", 4));
      leader.thaw();
      replicas.awaitEnd(leader, process);
      story.then(thePool("stale")).isReady(4).hasSpares(2).hasPods(6);
      assertThat(replicas.changesAfter(leader, successor, frozen)).isEmpty();
      assertThat(story.holders()).as("nobody was replaced").containsAllEntriesOf(holders);
    }
  }

  @Test
  void apiServerThatIsAwayCostsAtMostTheLeader(Story story) {
    story.given(pool("waiting").replicas(2).warm(1));
    try (var replicas = Replicas.on(story.cluster())) {
      OperatorProcess leader = replicas.leader();
      OperatorProcess standby = replicas.otherThan(leader);
      long process = leader.pid();
      int said = Project.text(leader.log()).length();
      story.cluster().controlPlane().stopApiServer();
      replicas.awaitEnd(leader, process);
      // One turn of its elector would have lasted longer than its lease.
      assertThat(Project.text(leader.log()).substring(said)).contains("was not renewed for 12 s");
      leader.launch();
      Story.remains(AWAY, () -> assertThat(standby.isRunning() && leader.isRunning()).isTrue());
      story.cluster().controlPlane().restartApiServer();
      story.cluster().controlPlane().restartControllers();
      leader.awaitReady();
      story.when(poolIsScaledTo("waiting", 3));
      story.then(thePool("waiting")).isReady(3).hasSpares(1).hasPods(4);
    }
  }
}

package dev.strata.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for every history: seeds are printed by jqwik when one fails. */
class PoolPropertiesTest {
  @Property(tries = 300)
  void whateverHappensThePoolComesBack(
      @ForAll @IntRange(min = 1, max = 12) int replicas,
      @ForAll @IntRange(min = 0, max = 5) int spares,
      @ForAll @Size(max = 8) List<@IntRange(min = 0, max = 5) Integer> misfortunes,
      @ForAll long seed) {
    var random = new Random(seed);
    var cluster =
        new FakeCluster(FakeCluster.policy(replicas, spares), random, "node-a", "node-b", "node-c")
            .settles();
    int wanted = replicas;
    int template = 1;
    for (int misfortune : misfortunes) {
      cluster.passes(Duration.ofMinutes(2));
      switch (misfortune) {
        case 0 -> anyHolder(cluster, random, cluster::fails);
        // Alone: of several at once the planner would doubt its own hearing and wait.
        case 1 -> {
          cluster.settles();
          anyHolder(cluster, random, cluster::silence);
          cluster.settles();
        }
        case 2 -> {
          wanted = random.nextInt(12) + 1;
          cluster.scale(wanted);
        }
        case 3 -> cluster.template("t" + ++template);
        case 4 -> cluster.act();
        default -> cluster.passes(Duration.ofSeconds(1));
      }
      if (random.nextBoolean()) {
        cluster.settles();
      }
    }
    cluster.passes(Duration.ofMinutes(2)).settles();
    assertThat(cluster.facts().ready()).as(cluster::log).isEqualTo(wanted);
    assertThat(cluster.facts().spares()).as(cluster::log).isEqualTo(spares);
    assertThat(cluster.pods()).as(cluster::log).hasSize(wanted + spares);
    assertThat(PoolPlanner.plan(cluster.view()).actions())
        .as("a settled pool asks for nothing")
        .isEmpty();
  }

  /** Whatever agents come and go, a held pool has as many as when the hold began. */
  @Property(tries = 300)
  void aHeldPoolKeepsItsSize(
      @ForAll @IntRange(min = 1, max = 8) int replicas,
      @ForAll @IntRange(min = 0, max = 8) int wanted,
      @ForAll @IntRange(min = 0, max = 3) int spares,
      @ForAll boolean draining,
      @ForAll @Size(max = 8) List<@IntRange(min = 0, max = 4) Integer> misfortunes,
      @ForAll long seed) {
    var random = new Random(seed);
    var cluster =
        new FakeCluster(FakeCluster.policy(replicas, spares), random, "node-a", "node-b", "node-c")
            .settles();
    cluster.passes(Duration.ofMinutes(2)).scale(wanted);
    if (draining) {
      cluster.act();
    }
    boolean down = wanted < replicas;
    // What is drained already goes.
    int size = draining && down ? wanted : replicas;
    cluster.holds(
        new PoolHold(
            down ? PoolHold.Kind.DOWN : PoolHold.Kind.UP, "gate slo", FakeCluster.START, 0));
    size = draining && !down ? (int) cluster.active() : size;
    int template = 1;
    for (int misfortune : misfortunes) {
      cluster.passes(Duration.ofMinutes(2));
      switch (misfortune) {
        case 0 -> anyHolder(cluster, random, cluster::fails);
        case 1 -> cluster.template("t" + ++template);
        case 2 -> cluster.act();
        case 3 -> cluster.passes(Duration.ofSeconds(1));
        default -> cluster.settles().succeeds();
      }
      assertThat(cluster.facts().desired()).as(cluster::log).isEqualTo(size);
    }
    cluster.passes(Duration.ofMinutes(2)).settles();
    assertThat(cluster.facts().ready()).as(cluster::log).isEqualTo(size);
    cluster.holds().settles();
    assertThat(cluster.facts().ready()).as(cluster::log).isEqualTo(wanted);
  }

  @Property(tries = 200)
  void theSameViewGivesTheSamePlan(
      @ForAll @IntRange(min = 0, max = 12) int replicas,
      @ForAll @IntRange(min = 0, max = 5) int spares,
      @ForAll long seed) {
    var cluster =
        new FakeCluster(FakeCluster.policy(replicas, spares), new Random(seed), "node-a", "node-b");
    cluster.act();
    var view = cluster.view();
    assertThat(PoolPlanner.plan(view)).isEqualTo(PoolPlanner.plan(view));
  }

  private static void anyHolder(
      FakeCluster cluster, Random random, java.util.function.IntConsumer what) {
    var held =
        cluster.identities().values().stream()
            .filter(i -> i.holder() != null && cluster.holder(i.ordinal()) != null)
            .toList();
    if (!held.isEmpty()) {
      what.accept(held.get(random.nextInt(held.size())).ordinal());
    }
  }
}

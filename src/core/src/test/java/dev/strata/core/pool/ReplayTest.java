package dev.strata.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Stories replayed to the end. In order, the log must be the golden file, which a user can read; in
 * seeded random order, the end must be the same. {@code -Dgolden.update=true} writes the files
 * anew.
 */
class ReplayTest {
  private static final Path GOLDEN = Path.of("src/test/resources/replay");
  private static final int SEEDS = 60;

  private record Story(
      PoolPolicy policy, Consumer<FakeCluster> told, Consumer<FakeCluster> ending) {}

  private static final Map<String, Story> STORIES = new TreeMap<>();

  static {
    STORIES.put(
        "first-agents",
        new Story(
            FakeCluster.policy(3, 1),
            c -> c.say("three agents and a spare are wanted").settles(),
            c -> {
              assertThat(c.facts().ready()).isEqualTo(3);
              assertThat(c.facts().spares()).isEqualTo(1);
            }));
    STORIES.put(
        "scale-up-from-spares",
        new Story(
            FakeCluster.policy(2, 3),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("four agents are wanted")
                    .scale(4)
                    .settles(),
            c -> {
              assertThat(c.facts().ready()).isEqualTo(4);
              assertThat(c.facts().spares()).isEqualTo(3);
            }));
    STORIES.put(
        "agent-fails",
        new Story(
            FakeCluster.policy(3, 1),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("agent-1 is killed")
                    .fails(1)
                    .settles(),
            c -> {
              assertThat(c.facts().ready()).isEqualTo(3);
              assertThat(c.identities().get(1).epoch()).isEqualTo(2);
            }));
    STORIES.put(
        "agent-falls-silent",
        new Story(
            FakeCluster.policy(3, 1),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("agent-2 is frozen")
                    .silence(2)
                    .settles(),
            c -> {
              assertThat(c.facts().ready()).isEqualTo(3);
              assertThat(c.identities().get(2).epoch()).isEqualTo(2);
            }));
    STORIES.put(
        "many-fall-silent",
        new Story(
            FakeCluster.policy(5, 2),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("three of five agents are silent at once, their nodes are well")
                    .silence(0)
                    .silence(1)
                    .silence(2)
                    .settles(),
            c -> assertThat(c.identities().values()).allMatch(i -> i.epoch() == 1)));
    STORIES.put(
        "node-falls-silent",
        new Story(
            FakeCluster.policy(5, 2),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("node-b is silent, the API server has not noticed; the others are heard")
                    .nodeSilent("node-b")
                    .settles(),
            c -> {
              assertThat(c.facts().ready()).isEqualTo(5);
              assertThat(c.identities().values()).filteredOn(i -> i.epoch() == 2).isNotEmpty();
            }));
    STORIES.put(
        "spares-fall-silent",
        new Story(
            FakeCluster.policy(3, 3),
            c -> {
              c.settles().passes(Duration.ofMinutes(2));
              List<PodView> spares =
                  c.pods().stream().filter(p -> p.role() == PodRole.SPARE).toList();
              PodView one = spares.getFirst();
              PodView elsewhere =
                  spares.stream()
                      .filter(p -> !p.node().equals(one.node()))
                      .findFirst()
                      .orElseThrow();
              c.say("two of three spares are silent at once, on two nodes")
                  .silence(one)
                  .silence(elsewhere)
                  .settles()
                  .check(
                      r ->
                          assertThat(r.pods())
                              .extracting(PodView::uid)
                              .contains(one.uid(), elsewhere.uid()))
                  .say("one of them is heard again")
                  .heard(one, Duration.ZERO)
                  .settles();
            },
            c -> {
              assertThat(c.facts().spares()).isEqualTo(3);
              assertThat(c.pods()).hasSize(6);
            }));
    STORIES.put(
        "silence-while-deaf",
        new Story(
            FakeCluster.policy(3, 1),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("the operator has just reconnected and has not heard agent-1 yet")
                    .deaf(Duration.ofSeconds(1))
                    .silence(1)
                    .settles(),
            c -> assertThat(c.identities().values()).allMatch(i -> i.epoch() == 1)));
    STORIES.put(
        "node-lost",
        new Story(
            FakeCluster.policy(4, 2),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("node-b is lost")
                    .nodeLost("node-b")
                    .settles(),
            c -> {
              assertThat(c.facts().ready()).isEqualTo(4);
              assertThat(c.pods()).noneMatch(p -> p.role() == PodRole.ACTIVE && !p.nodeReady());
            }));
    STORIES.put(
        "node-lost-while-pods-start",
        new Story(
            FakeCluster.policy(1, 2),
            c -> {
              c.settles().passes(Duration.ofMinutes(1)).say("six agents are wanted").scale(6).act();
              c.say("node-b is lost before the new pods have started").nodeLost("node-b").settles();
            },
            c -> {
              assertThat(c.facts().ready()).isEqualTo(6);
              assertThat(c.facts().spares()).isEqualTo(2);
              assertThat(c.pods()).hasSize(8).allMatch(PodView::nodeReady);
            }));
    STORIES.put(
        "node-lost-and-tolerated",
        new Story(
            FakeCluster.policy(1, 0, 1, true),
            c -> {
              c.settles()
                  .passes(Duration.ofMinutes(1))
                  .say("four agents are wanted")
                  .scale(4)
                  .act();
              c.say("node-b is lost before they have started, and their template tolerates it")
                  .nodeLost("node-b")
                  .settles();
            },
            c -> assertThat(c.pods()).filteredOn(p -> !p.nodeReady()).isNotEmpty()));
    STORIES.put(
        "scale-down",
        new Story(
            FakeCluster.policy(4, 1),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("two agents are enough")
                    .scale(2)
                    .settles(),
            c -> {
              assertThat(c.facts().ready()).isEqualTo(2);
              assertThat(c.identities().values()).filteredOn(i -> i.holder() != null).hasSize(2);
              assertThat(c.pods()).hasSize(3);
            }));
    STORIES.put(
        "scale-down-is-held",
        new Story(
            FakeCluster.policy(4, 0),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("a gate holds the pool's size while two agents would be enough")
                    .holds(new PoolHold(PoolHold.Kind.DOWN, "gate slo holds it", Instant.EPOCH, 0))
                    .scale(2)
                    .settles()
                    .say("the gate lets go")
                    .holds()
                    .settles(),
            c -> assertThat(c.facts().ready()).isEqualTo(2)));
    STORIES.put(
        "scale-down-is-held-on-its-way",
        new Story(
            FakeCluster.policy(4, 2),
            c -> {
              c.settles().passes(Duration.ofMinutes(1)).say("two agents are enough").scale(2).act();
              c.say("a gate holds the pool's size while two agents drain")
                  .holds(new PoolHold(PoolHold.Kind.DOWN, "gate slo holds it", Instant.EPOCH, 0))
                  .settles();
            },
            c -> {
              assertThat(c.facts().ready()).isEqualTo(2);
              assertThat(c.pods()).hasSize(4);
            }));
    STORIES.put(
        "rollout-while-size-is-held",
        new Story(
            FakeCluster.policy(3, 1),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("a gate holds the pool at three agents while six are wanted")
                    .holds(new PoolHold(PoolHold.Kind.UP, "gate slo holds it", Instant.EPOCH, 0))
                    .scale(6)
                    .settles()
                    .say("the template changes")
                    .template("r2")
                    .settles(),
            c -> {
              assertThat(c.facts().ready()).isEqualTo(3);
              assertThat(c.pods()).hasSize(4).allMatch(p -> p.revision().equals("r2"));
            }));
    STORIES.put(
        "rollout-is-held",
        new Story(
            FakeCluster.policy(3, 1),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("the template changes while a gate holds rollouts")
                    .holds(
                        new PoolHold(PoolHold.Kind.ROLLOUT, "gate slo holds it", Instant.EPOCH, 0))
                    .template("r2")
                    .settles()
                    .say("the gate lets go")
                    .holds()
                    .settles(),
            c -> assertThat(c.pods()).allMatch(p -> p.revision().equals("r2"))));
    STORIES.put(
        "rollout-waits-for-the-kubelet",
        new Story(
            FakeCluster.policy(2, 1),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("the template changes, and no probe gets through to its agents")
                    .probed(false)
                    .template("r2")
                    .settles()
                    .check(
                        r ->
                            assertThat(r.pods())
                                .filteredOn(p -> p.role() == PodRole.ACTIVE)
                                .hasSize(2)
                                .allMatch(p -> p.revision().equals("r1")))
                    .say("ten seconds pass")
                    .passes(Duration.ofSeconds(11))
                    .settles()
                    .say("and for each further one")
                    .passes(Duration.ofSeconds(11))
                    .settles()
                    .passes(Duration.ofSeconds(11))
                    .settles(),
            c -> assertThat(c.pods()).allMatch(p -> p.revision().equals("r2"))));
    STORIES.put(
        "spares-are-added",
        new Story(
            FakeCluster.policy(2, 1),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("a gate wants two spares more, another one wants one more")
                    .holds(
                        new PoolHold(PoolHold.Kind.WARM, "gate slo", Instant.EPOCH, 2),
                        new PoolHold(PoolHold.Kind.WARM, "gate own", Instant.EPOCH, 1))
                    .settles()
                    .say("they have enough")
                    .holds()
                    .settles(),
            c -> assertThat(c.facts().spares()).isEqualTo(1)));
    STORIES.put(
        "gates-are-awaited",
        new Story(
            FakeCluster.policy(4, 1),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .holds(
                        new PoolHold(PoolHold.Kind.DOWN, "gate slo", Instant.EPOCH, 0),
                        new PoolHold(PoolHold.Kind.WARM, "gate slo", Instant.EPOCH, 1))
                    .scale(2)
                    .settles()
                    .say(
                        "an operator begins that has not looked at the gate, and agent-1 is killed")
                    .succeeds()
                    .holds(
                        new PoolHold(
                            PoolHold.Kind.ALL,
                            "gate slo has not been looked at yet",
                            Instant.EPOCH,
                            0))
                    .template("r2")
                    .fails(1)
                    .settles()
                    .check(
                        cluster -> {
                          assertThat(cluster.facts().ready()).isEqualTo(4);
                          assertThat(cluster.facts().spares()).isEqualTo(2);
                        })
                    .say("the gate lets go")
                    .holds()
                    .settles(),
            c -> {
              assertThat(c.facts().ready()).isEqualTo(2);
              assertThat(c.facts().spares()).isEqualTo(1);
            }));
    STORIES.put(
        "violator-is-evicted",
        new Story(
            FakeCluster.policy(5, 1),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("one agent of five misses a target by itself")
                    .violate(
                        new Violator(
                            c.holder(2).uid(),
                            "slo",
                            "agent-memory",
                            "120 MB",
                            new EvictionLimits(40, true, Duration.ofMinutes(5), 2),
                            null))
                    .settles(),
            c -> {
              assertThat(c.facts().ready()).isEqualTo(5);
              assertThat(c.spent()).hasSize(1);
            }));
    STORIES.put(
        "violator-is-quarantined",
        new Story(
            FakeCluster.policy(5, 1),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("one agent of five misses a target by itself")
                    .violate(
                        new Violator(
                            c.holder(2).uid(),
                            "slo",
                            "agent-memory",
                            "120 MB",
                            new EvictionLimits(40, true, Duration.ofMinutes(5), 2),
                            Duration.ofMinutes(10)))
                    .settles()
                    .violate()
                    .say("ten minutes later")
                    .passes(Duration.ofMinutes(10))
                    .settles(),
            c -> {
              assertThat(c.facts().ready()).isEqualTo(5);
              assertThat(c.pods()).hasSize(6);
            }));
    STORIES.put(
        "template-changes",
        new Story(
            FakeCluster.policy(3, 1),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("the template changes")
                    .template("r2")
                    .settles(),
            c -> {
              assertThat(c.facts().ready()).isEqualTo(3);
              assertThat(c.pods()).allMatch(p -> p.revision().equals("r2"));
            }));
    STORIES.put(
        "template-that-does-not-start",
        new Story(
            FakeCluster.policy(2, 1),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .say("the new template names a handler that does not exist")
                    .startsFail(true)
                    .template("r2")
                    .settles(),
            c -> {
              assertThat(c.facts().ready()).isEqualTo(2);
              assertThat(c.pods())
                  .filteredOn(p -> p.role() == PodRole.ACTIVE)
                  .allMatch(p -> p.revision().equals("r1"));
            }));
    STORIES.put(
        "quota",
        new Story(
            FakeCluster.policy(2, 0),
            c ->
                c.settles()
                    .passes(Duration.ofMinutes(1))
                    .refuse(Reason.QuotaExceeded, "exceeded quota: pods=2")
                    .say("five agents are wanted, the namespace allows two pods")
                    .scale(5)
                    .act(),
            c -> assertThat(c.facts().ready()).isEqualTo(2)));
  }

  @TestFactory
  Stream<DynamicTest> inOrder() {
    return STORIES.entrySet().stream()
        .map(
            story ->
                DynamicTest.dynamicTest(
                    story.getKey(), () -> compare(story.getKey(), story.getValue())));
  }

  @TestFactory
  Stream<DynamicTest> inAnyOrder() {
    return STORIES.entrySet().stream()
        .map(
            story ->
                DynamicTest.dynamicTest(
                    story.getKey(),
                    () -> {
                      for (int seed = 0; seed < SEEDS; seed++) {
                        var cluster = tell(story.getValue(), new Random(seed));
                        int used = seed;
                        assertThat(cluster)
                            .as(() -> "seed " + used + "\n" + cluster.log())
                            .satisfies(story.getValue().ending());
                      }
                    }));
  }

  @Test
  void everyGoldenFileBelongsToAStory() throws IOException {
    try (var files = Files.list(GOLDEN)) {
      assertThat(files.map(f -> f.getFileName().toString().replace(".txt", "")))
          .containsExactlyInAnyOrderElementsOf(STORIES.keySet());
    }
  }

  private static void compare(String name, Story story) throws IOException {
    var cluster = tell(story, null);
    Path golden = GOLDEN.resolve(name + ".txt");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(golden, cluster.log());
    }
    assertThat(cluster.log()).isEqualTo(Files.readString(golden));
    story.ending().accept(cluster);
  }

  private static FakeCluster tell(Story story, Random random) {
    var cluster = new FakeCluster(story.policy(), random, "node-a", "node-b", "node-c");
    story.told().accept(cluster);
    return cluster;
  }
}

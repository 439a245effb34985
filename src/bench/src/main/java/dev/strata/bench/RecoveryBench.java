package dev.strata.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How fast a killed agent is replaced when a spare is at hand: from the kill to the first active
 * heartbeat of the next holder of its identity.
 *
 * <p>System properties: bench.kills (20).
 */
public final class RecoveryBench {
  private static final int AGENTS = 4;
  private static final int SPARES = 2;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private RecoveryBench() {}

  /** Runs it. */
  public static void main(String[] arguments) throws InterruptedException {
    int kills = Integer.getInteger("bench.kills", 20);
    List<Double> recovery = new ArrayList<>();
    try (Bench bench = Bench.start(spec -> spec)) {
      Pool pool = bench.pool("recovery", AGENTS, SPARES, "{handler: {java: {name: sleep}}}", "{}");
      for (int i = 0; i < kills; i++) {
        pool.awaitHeard(AGENTS, SPARES, LIMIT);
        Waiting.pass(Duration.ofSeconds(1));
        recovery.add(kill(bench, pool, pool.active().get(i % AGENTS)));
      }
    }
    var row = BenchReport.Row.of("agent killed, spare at hand", "recovery_ms", recovery);
    new BenchReport(
            "recovery",
            List.of(row),
            Map.of(),
            List.of(
                BenchReport.Aim.atMost(
                    "recovery p95 under 2000 ms, " + kills + " kills", 2000, row.p95())))
        .publish();
  }

  private static double kill(Bench bench, Pool pool, Lives.Life victim) {
    String identity = victim.heartbeat().identity();
    long epoch = victim.heartbeat().epoch();
    long began = System.nanoTime();
    bench.cluster().node(victim.heartbeat().node()).killPod(victim.heartbeat().pod());
    List<Lives.Life> next = new ArrayList<>();
    Waiting.until(
        LIMIT,
        () -> {
          bench.lives().activeSince(pool.uid(), began).stream()
              .filter(life -> life.heartbeat().epoch() > epoch)
              .filter(life -> String.valueOf(life.heartbeat().identity()).equals(identity))
              .findFirst()
              .ifPresent(next::add);
          return !next.isEmpty();
        },
        () -> identity + " has a new holder: " + pool.object().get());
    return Waiting.millis(began, next.getFirst().active());
  }
}

package dev.strata.bench;

import dev.strata.protocol.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Scale-ups of a pool that has spares: from the patch of spec.replicas until each new agent has
 * sent its active heartbeat and taken a task, and on until the spares are full again.
 */
final class SpawnRound {
  private static final Duration SPAWN_LIMIT = Duration.ofSeconds(60);
  private static final Duration REFILL_LIMIT = Duration.ofMinutes(4);

  /** Status and events follow the last agent by this much at most. */
  private static final Duration SETTLE = Duration.ofMillis(1500);

  private final Bench bench;
  private final Pool pool;
  private final int spares;
  private final List<Double> activation = new ArrayList<>();
  private final List<Double> firstTask = new ArrayList<>();
  private final List<Double> refill = new ArrayList<>();
  private final Map<String, Long> writes = new TreeMap<>();
  private final Map<String, Long> operatorWrites = new TreeMap<>();
  private final WarmPhases phases;
  private int spawned;

  SpawnRound(Bench bench, Pool pool, int spares) {
    this.bench = bench;
    this.pool = pool;
    this.spares = spares;
    this.phases = new WarmPhases(bench);
  }

  /** Scales from one count to a higher one, and waits until the spares are full. */
  void run(int from, int to) {
    Instant wall = Instant.now();
    long began = System.nanoTime();
    pool.scale(to);
    int count = to - from;
    Waiting.until(
        SPAWN_LIMIT,
        () -> working(began).size() >= count,
        () ->
            "%d of %d new agents have a task; %s"
                .formatted(working(began).size(), count, pool.object().get()));
    List<Lives.Life> agents = working(began);
    for (Lives.Life life : agents) {
      activation.add(Waiting.millis(began, life.active()));
      firstTask.add(Waiting.millis(began, life.taken()));
    }
    Waiting.until(
        REFILL_LIMIT,
        () -> bench.lives().now(pool.uid(), Role.SPARE).size() >= spares,
        () -> "the spares are full: " + pool.spareNames().size() + " of " + spares);
    refill.add(Waiting.millis(began, System.nanoTime()));
    spawned += count;
    Waiting.pass(SETTLE);
    phases.add(wall, began, agents);
    Instant end = Instant.now();
    bench.writes(wall, end).forEach((who, n) -> writes.merge(who, n, Long::sum));
    bench.operatorWrites(wall, end).forEach((what, n) -> operatorWrites.merge(what, n, Long::sum));
  }

  private List<Lives.Life> working(long since) {
    return bench.lives().activeSince(pool.uid(), since).stream()
        .filter(life -> life.taken() != 0)
        .toList();
  }

  List<BenchReport.Row> rows(String arm) {
    List<BenchReport.Row> rows = new ArrayList<>(phases.rows(arm));
    rows.add(BenchReport.Row.of(arm, SpawnBench.ACTIVATION, activation));
    rows.add(BenchReport.Row.of(arm, SpawnBench.FIRST_TASK, firstTask));
    rows.add(BenchReport.Row.of(arm, "spares_full_ms", refill));
    return rows;
  }

  /** Writes a spawn, refill included, by writer. */
  Map<String, Double> writesPerSpawn() {
    return perSpawn(writes);
  }

  /** The operator's writes a spawn by request. */
  Map<String, Double> operatorWritesPerSpawn() {
    return perSpawn(operatorWrites);
  }

  private Map<String, Double> perSpawn(Map<String, Long> counts) {
    Map<String, Double> per = new TreeMap<>();
    counts.forEach((key, n) -> per.put(key, BenchReport.rounded((double) n / spawned)));
    return per;
  }
}

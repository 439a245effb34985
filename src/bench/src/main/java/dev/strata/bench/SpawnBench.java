package dev.strata.bench;

import dev.strata.harness.kind.KindStrata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How fast an agent comes up: from the moment before the pool's scale is patched until the agent
 * with its new epoch has sent its active heartbeat and taken its first task. Beside it, interleaved
 * in the same run, the floor; apart from it, cold starts by phase.
 *
 * <p>System properties: bench.one (20), bench.rounds (5), bench.at-once (20), bench.burst (100; 0
 * leaves it out), bench.cold (20).
 */
public final class SpawnBench {
  static final String ACTIVATION = "activation_ms";
  static final String FIRST_TASK = "first_task_ms";

  private static final String FLOOR = "patch_seen_ms";
  private static final String AGENT =
      "{handler: {java: {name: sleep}}, concurrency: 1, timeoutSeconds: 30}";

  /**
   * Milliseconds of a task. Long enough that a hundred busy agents leave the cores to the spawns:
   * with tasks of one second they alone fill two cores.
   */
  private static final String TASK = "6000";

  private static final String RUNNING = "pod_running_ms";
  private static final int TEN = 10;
  private static final int BACKLOG = 400;
  private static final Duration CONVERGED = Duration.ofMinutes(4);

  private final Bench bench;
  private final List<BenchReport.Row> rows = new ArrayList<>();
  private final Map<String, Object> facts = new LinkedHashMap<>();
  private final int one = Integer.getInteger("bench.one", 20);
  private final int rounds = Integer.getInteger("bench.rounds", 5);
  private final int atOnce = Integer.getInteger("bench.at-once", 20);
  private final int burst = Integer.getInteger("bench.burst", 100);
  private final int cold = Integer.getInteger("bench.cold", 20);

  /** The arm of the pause pods; empty without kubelets. */
  private String pauses = "";

  private SpawnBench(Bench bench) {
    this.bench = bench;
  }

  /** Runs it on process nodes, or with the argument {@code kind} on kubelets. */
  public static void main(String[] arguments) throws InterruptedException {
    boolean kind = List.of(arguments).contains("kind");
    try (Bench bench = kind ? Bench.on(KindStrata.started()) : Bench.start(spec -> spec)) {
      var run = new SpawnBench(bench);
      if (kind) {
        run.pauses();
      }
      run.cold();
      run.warm();
      run.report(kind ? "spawn-kind" : "spawn").publish();
    }
  }

  /** The least that a kubelet can take: a pod that does nothing, until it is seen running. */
  private void pauses() {
    try (var floor = new PausePods(bench)) {
      floor.run(1);
      pauses = "floor, pause pod one at a time";
      rows.add(BenchReport.Row.of(pauses, RUNNING, floor.oneByOne(cold)));
      rows.add(BenchReport.Row.of("floor, pause pods ten at once", RUNNING, floor.run(TEN)));
    }
    Console.progress("pause pods");
  }

  private void warm() throws InterruptedException {
    Pool pool = bench.pool("warm", 1, atOnce, AGENT, "{}");
    pool.awaitHeard(1, atOnce, CONVERGED);
    try (var feed = new TaskFeed(bench, pool, TASK, BACKLOG);
        var floor = new Floor(bench, pool)) {
      feed.start();
      oneAtATime(pool, floor);
      manyAtOnce(pool, floor, atOnce, rounds);
      if (burst > 0) {
        pool.spares(burst);
        manyAtOnce(pool, floor, burst, 1);
      }
    }
  }

  private void oneAtATime(Pool pool, Floor floor) {
    List<Double> floors = new ArrayList<>();
    var round = new SpawnRound(bench, pool, atOnce);
    warmUp(pool, floor);
    for (int i = 0; i < one; i++) {
      floors.addAll(floor.measure(List.of(pool.spareNames().getFirst())));
      round.run(2 + i, 3 + i);
    }
    Console.progress(one + " warm spawns one at a time");
    add("one at a time", floors, round);
    pool.scale(1);
    pool.awaitHeard(1, atOnce, CONVERGED);
  }

  /** The first of everything loads classes: that is nobody's figure. */
  private void warmUp(Pool pool, Floor floor) {
    for (int i = 0; i < 5; i++) {
      floor.measure(List.of(pool.spareNames().getFirst()));
    }
    new SpawnRound(bench, pool, atOnce).run(1, 2);
  }

  private void manyAtOnce(Pool pool, Floor floor, int count, int times) {
    List<Double> floors = new ArrayList<>();
    var round = new SpawnRound(bench, pool, count);
    for (int i = 0; i < times; i++) {
      pool.awaitHeard(1, count, CONVERGED);
      Waiting.pass(Duration.ofSeconds(1));
      floors.addAll(floor.measure(pool.spareNames().subList(0, count)));
      Waiting.pass(Duration.ofSeconds(1));
      round.run(1, 1 + count);
      Console.progress("%d warm spawns at once, round %d of %d".formatted(count, i + 1, times));
      pool.scale(1);
    }
    add(count == burst ? count + " burst" : count + " at once", floors, round);
  }

  private void add(String arm, List<Double> floors, SpawnRound round) {
    rows.add(BenchReport.Row.of("floor, " + arm, FLOOR, floors));
    rows.addAll(round.rows("warm, " + arm));
    facts.put("writes_per_spawn, " + arm, round.writesPerSpawn());
    facts.put("operator_writes_per_spawn, " + arm, round.operatorWritesPerSpawn());
    facts.put(
        "warm_p95_over_floor, " + arm,
        BenchReport.rounded(p95("warm, " + arm, FIRST_TASK) / p95("floor, " + arm, FLOOR)));
  }

  private void cold() throws InterruptedException {
    Pool pool = bench.pool("cold", 0, 0, AGENT, "{}");
    try (var feed = new TaskFeed(bench, pool, TASK, BACKLOG);
        var spawns = new ColdSpawns(bench, pool)) {
      feed.start();
      Waiting.pass(Duration.ofSeconds(2));
      // The first of everything loads classes: that is nobody's figure.
      try (var first = new ColdSpawns(bench, pool)) {
        first.run(1, 1);
      }
      for (int i = 2; i <= cold + 1; i++) {
        spawns.run(i, 1);
        Waiting.pass(Duration.ofSeconds(1));
      }
      rows.addAll(spawns.rows("cold, one at a time"));
      try (var many = new ColdSpawns(bench, pool)) {
        many.run(cold + 1 + TEN, TEN);
        rows.addAll(many.rows("cold, ten at once"));
      }
    }
    pool.delete(CONVERGED);
    Console.progress(cold + " cold spawns one at a time");
  }

  private BenchReport report(String name) {
    List<BenchReport.Aim> aims = new ArrayList<>();
    for (String arm : List.of("one at a time", atOnce + " at once")) {
      aims.add(
          BenchReport.Aim.atMost(
              "warm p95 at most 2 times the floor's, " + arm,
              2,
              p95("warm, " + arm, FIRST_TASK) / p95("floor, " + arm, FLOOR)));
      aims.add(
          BenchReport.Aim.atMost("operator writes a spawn at most 6, " + arm, 6, operator(arm)));
    }
    if (!pauses.isEmpty()) {
      double floor = BenchReport.find(rows, pauses, RUNNING).p50();
      var spawn = BenchReport.find(rows, "cold, one at a time", ACTIVATION);
      aims.add(
          BenchReport.Aim.atMost(
              "cold p50 at most 150 ms above the pause pod's p50", 150, spawn.p50() - floor));
      aims.add(
          BenchReport.Aim.atMost(
              "cold p95 at most 250 ms above the pause pod's p50", 250, spawn.p95() - floor));
    }
    aims.add(
        BenchReport.Aim.atMost(
            "cold start p95 under 500 ms, one at a time",
            500,
            p95("cold, one at a time", FIRST_TASK)));
    return new BenchReport(name, rows, facts, aims);
  }

  private double operator(String arm) {
    return facts.get("writes_per_spawn, " + arm) instanceof Map<?, ?> writers
            && writers.get("operator") instanceof Double writes
        ? writes
        : 0;
  }

  private double p95(String arm, String metric) {
    return BenchReport.find(rows, arm, metric).p95();
  }
}

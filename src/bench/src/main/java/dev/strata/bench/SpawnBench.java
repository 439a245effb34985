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
 * in the same run, the floor; apart from it, cold starts by phase, on kubelets in turn with pause
 * pods: each into a cluster from which the one before is gone, by an operator that was just
 * started, and once more at the end.
 *
 * <p>System properties: bench.one (20), bench.rounds (5; on kubelets 3), bench.at-once (20; 10),
 * bench.burst (100; 0, which leaves it out), bench.cold (20). On kubelets the defaults are what
 * three nodes on two processors take.
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

  /** Short, because a cold agent ends its task before it goes. */
  private static final String COLD_TASK = "500";

  private static final String ONE = "one at a time";

  /**
   * By an operator that has some work behind it, as most have: its JVM has compiled what it needs.
   */
  private static final String LATER = "one at a time, later";

  private static final String RUNNING = "pod_running_ms";
  private static final int TEN = 10;
  private static final int BACKLOG = 400;
  private static final Duration CONVERGED = Duration.ofMinutes(4);

  /** What follows the end of pods, in the API server and on the nodes, is over by then. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  private final Bench bench;
  private final List<BenchReport.Row> rows = new ArrayList<>();
  private final Map<String, Object> facts = new LinkedHashMap<>();
  private final int one = Integer.getInteger("bench.one", 20);
  private final int cold = Integer.getInteger("bench.cold", 20);
  private final int rounds;
  private final int atOnce;
  private final int burst;

  /** Whether there are kubelets, which give cold starts a floor. */
  private final boolean kind;

  private SpawnBench(Bench bench, boolean kind) {
    this.bench = bench;
    this.kind = kind;
    rounds = Integer.getInteger("bench.rounds", kind ? 3 : 5);
    atOnce = Integer.getInteger("bench.at-once", kind ? TEN : 20);
    burst = Integer.getInteger("bench.burst", kind ? 0 : 100);
  }

  /** Runs it on process nodes, or with the argument {@code kind} on kubelets. */
  public static void main(String[] arguments) throws InterruptedException {
    boolean kind = List.of(arguments).contains("kind");
    try (Bench bench = kind ? Bench.on(KindStrata.started()) : Bench.start(spec -> spec)) {
      var run = new SpawnBench(bench, kind);
      run.cold(new Turns(ONE, 1, run.cold), new Turns("ten at once", TEN, 1));
      run.warm();
      if (kind) {
        run.cold(new Turns(LATER, 1, run.cold));
      }
      run.report(kind ? "spawn-kind" : "spawn").publish();
    }
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
    pool.delete(CONVERGED);
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

  /** So many cold starts at once, so many times. */
  private record Turns(String arm, int count, int times) {}

  private void cold(Turns... arms) throws InterruptedException {
    Pool pool = bench.pool("cold", 0, 0, AGENT, "{}");
    try (var feed = new TaskFeed(bench, pool, COLD_TASK, BACKLOG);
        var pauses = new PausePods(bench)) {
      feed.start();
      Waiting.pass(QUIET);
      // The first of everything loads classes: that is nobody's figure.
      var unused = inTurn(pool, pauses, new Turns("first", 1, 1));
      for (Turns turns : arms) {
        rows.addAll(inTurn(pool, pauses, turns));
        Console.progress(turns.times() + " cold spawns, " + turns.arm());
      }
    }
    pool.delete(CONVERGED);
  }

  /** So many agents into an empty pool, and before them as many pause pods where pods are real. */
  private List<BenchReport.Row> inTurn(Pool pool, PausePods pauses, Turns turns) {
    List<Double> running = new ArrayList<>();
    try (var spawns = new ColdSpawns(bench, pool)) {
      for (int i = 0; i < turns.times(); i++) {
        if (kind) {
          running.addAll(pauses.run(turns.count()));
          Waiting.pass(QUIET);
        }
        spawns.run(turns.count());
        pool.empty(CONVERGED);
        Waiting.pass(QUIET);
      }
      List<BenchReport.Row> made = new ArrayList<>(spawns.rows("cold, " + turns.arm()));
      if (kind) {
        made.addFirst(BenchReport.Row.of("pause pods, " + turns.arm(), RUNNING, running));
      }
      return made;
    }
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
    facts.put(
        "cold",
        "from before the patch of an empty pool's scale; the agents of the turn before are gone");
    if (kind) {
      facts.put(
          "pause pods",
          "from before the creation until seen Running, in turn with the cold starts; those before"
              + " are gone");
      for (String arm : List.of(ONE, LATER)) {
        double floor = BenchReport.find(rows, "pause pods, " + arm, RUNNING).p50();
        var spawn = BenchReport.find(rows, "cold, " + arm, ACTIVATION);
        aims.add(
            BenchReport.Aim.atMost(
                "cold p50 at most 150 ms above the pause pod's p50, " + arm,
                150,
                spawn.p50() - floor));
        aims.add(
            BenchReport.Aim.atMost(
                "cold p95 at most 250 ms above the pause pod's p50, " + arm,
                250,
                spawn.p95() - floor));
      }
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

package dev.strata.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Empty tasks over JetStream with ten agents, beside jnats alone doing the same stores, deliveries
 * and acknowledgements, turn by turn in one run. Then one task at a time: what a task takes beyond
 * its handler when nothing waits.
 *
 * <p>System properties: bench.tasks (10000 a turn), bench.turns (3), bench.single (500),
 * bench.concurrency (8), bench.under-way (256).
 */
public final class TasksBench {
  private static final int AGENTS = 10;
  private static final String TIME = "task_ms";
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private TasksBench() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    int tasks = Integer.getInteger("bench.tasks", 10_000);
    int turns = Integer.getInteger("bench.turns", 3);
    int single = Integer.getInteger("bench.single", 500);
    int slots = Integer.getInteger("bench.concurrency", 8);
    int underWay = Integer.getInteger("bench.under-way", 256);
    var strata = new Arm();
    var raw = new Arm();
    List<BenchReport.Row> rows = new ArrayList<>();
    try (Bench bench = Bench.start(spec -> spec)) {
      Pool pool =
          bench.pool(
              "tasks",
              AGENTS,
              0,
              "{handler: {java: {name: echo}}, concurrency: " + slots + "}",
              "{}");
      pool.awaitHeard(AGENTS, 0, LIMIT);
      try (var storm = new TaskStorm(bench, pool);
          var bare = new RawJetStream(bench, AGENTS, slots)) {
        storm.flatOut(tasks / 4, underWay);
        bare.flatOut(tasks / 4, underWay);
        for (int i = 0; i < turns; i++) {
          strata.add(storm.flatOut(tasks, underWay), storm.times());
          raw.add(bare.flatOut(tasks, underWay), bare.times());
          Console.progress("turn %d of %d".formatted(i + 1, turns));
        }
        rows.add(BenchReport.Row.of("strata, " + underWay + " under way", TIME, strata.times));
        rows.add(BenchReport.Row.of("raw jnats, " + underWay + " under way", TIME, raw.times));
        storm.flatOut(single, 1);
        rows.add(BenchReport.Row.of("strata, one at a time", TIME, storm.times()));
        bare.flatOut(single, 1);
        rows.add(BenchReport.Row.of("raw jnats, one at a time", TIME, bare.times()));
      }
    }
    publish(rows, strata, raw);
  }

  private static final class Arm {
    private final List<Double> perSecond = new ArrayList<>();
    private final List<Double> times = new ArrayList<>();

    void add(double rate, List<Double> millis) {
      perSecond.add(rate);
      times.addAll(millis);
    }

    double median() {
      return BenchReport.Row.of("", "", perSecond).p50();
    }
  }

  private static void publish(List<BenchReport.Row> rows, Arm strata, Arm raw) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("strata, tasks a second", BenchReport.rounded(strata.median()));
    facts.put("raw jnats, tasks a second", BenchReport.rounded(raw.median()));
    facts.put("throughput beside raw jnats", BenchReport.rounded(strata.median() / raw.median()));
    double alone = rows.get(2).p50();
    facts.put("overhead of a task beyond the handler, ms p50", BenchReport.rounded(alone));
    facts.put("of it beyond raw jnats, ms p50", BenchReport.rounded(alone - rows.get(3).p50()));
    new BenchReport(
            "tasks",
            rows,
            facts,
            List.of(BenchReport.Aim.above("over 1000 tasks/s", 1000, strata.median())))
        .publish();
  }
}

package dev.strata.bench.gate;

import dev.strata.bench.BenchReport;
import dev.strata.bench.BenchReport.Aim;
import dev.strata.bench.BenchReport.Row;
import dev.strata.bench.Console;
import dev.strata.core.gate.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * How steady and how fast the judge of targets is, beside three simpler ways of judging: the target
 * is 95 % over five minutes unless a world says otherwise, and each is asked every second. Figures
 * are upper 95 % limits over the seeds; every change of a verdict counts, that to Unknown too.
 *
 * <p>System properties: bench.seeds (200), bench.from (5000), the first one.
 */
public final class GateSim {
  private static final double DAY_HOURS = 24;

  /** The rule was tuned on the seeds from 0 on: to judge it by them would flatter it. */
  private static final long FRESH = 5000;

  private static final int FALLS_A_SEED = 2;

  private final long from = Long.getLong("bench.from", FRESH);
  private final int seeds = Integer.getInteger("bench.seeds", 200);
  private final Map<String, Object> facts = new LinkedHashMap<>();
  private final Map<String, Double> ours = new LinkedHashMap<>();
  private final List<Row> rows = new ArrayList<>();
  private final List<Aim> aims = new ArrayList<>();

  /** What ours is to stay under in the fact of a world. */
  private record Bound(String fact, double most) {}

  private static final List<Bound> BOUNDS =
      List.of(
          new Bound("n 300, +2: flips a day", 0.5),
          new Bound("n 300, +2: wrongly Violated, %", 0.05),
          new Bound("n 300, +1: flips a day", 2),
          new Bound("n 300, +1: wrongly Violated, %", 0.3),
          new Bound("n 300, at the target: flips a day", 15),
          new Bound("n 300, -2: wrongly Met, %", 3),
          new Bound("bursts of 5, n 1200, +2: flips a day", 3),
          new Bound("bursts of 5, n 1200, +2: wrongly Violated, %", 1),
          new Bound("bursts of 20, n 1200, +2: flips a day", 8),
          new Bound("bursts of 20, n 1200, +2: wrongly Violated, %", 3));

  private GateSim() {}

  /** Runs it. */
  public static void main(String[] arguments) {
    var sim = new GateSim();
    sim.facts.put("seeds", sim.seeds);
    sim.facts.put("first seed", sim.from);
    sim.facts.put("hours a seed, worlds with an aim", World.LONG_HOURS);
    sim.facts.put("hours a seed, diurnal worlds", World.DAY);
    sim.facts.put("hours a seed, sparse events", World.SPARSE_HOURS);
    sim.facts.put("hours a seed, all others", World.HOURS);
    sim.falls();
    World.all()
        .forEach(world -> sim.world(sim.aimed(world) ? world.lasting(World.LONG_HOURS) : world));
    sim.judge();
    new BenchReport("sim-gate", sim.rows, sim.facts, sim.aims).publish();
  }

  private void world(World world) {
    Console.progress(world.name());
    List<List<Tally>> lives =
        LongStream.range(from, from + seeds).parallel().mapToObj(s -> Life.run(world, s)).toList();
    double days = (world.hours() - world.warmUpSeconds() / 3600.0) / DAY_HOURS;
    double windows = world.windows();
    String said = world.name() + ": ";
    put(said + "flips a day", lives, Tally::flipsADay, 1 / days);
    put(
        said + "wrongly " + world.wrong() + ", %",
        lives,
        t -> t.percent(world.wrong()),
        100 / windows);
    put(said + "Unknown, %", lives, t -> t.percent(Verdict.Unknown), 100 / windows);
  }

  private void put(
      String fact, List<List<Tally>> lives, ToDoubleFunction<Tally> figure, double unit) {
    Map<String, Double> byArm = new LinkedHashMap<>();
    for (int i = 0; i < Arm.NAMES.size(); i++) {
      int arm = i;
      double[] values = lives.stream().mapToDouble(l -> figure.applyAsDouble(l.get(arm))).toArray();
      byArm.put(Arm.NAMES.get(i), Math.round(Limit.upper(values, unit) * 1000) / 1000.0);
    }
    facts.put(fact, byArm);
    ours.put(fact, byArm.get(Arm.NAMES.get(Arm.OURS)));
  }

  /** Falls are the price of steadiness: how late one is seen, and how late its end. */
  private void falls() {
    for (int n : new int[] {60, 300, 1200}) {
      for (double share : new double[] {0.5, 0.8, 0.9}) {
        var fall = new Fall(n, share);
        Console.progress(fall.name());
        List<List<Fall.Seen>> all =
            LongStream.range(from, from + (long) FALLS_A_SEED * seeds)
                .parallel()
                .mapToObj(fall::run)
                .toList();
        for (int i = 0; i < Arm.NAMES.size(); i++) {
          int arm = i;
          String name = fall.name() + ", " + Arm.NAMES.get(i);
          rows.add(row(name, "seen_s", all.stream().map(l -> l.get(arm).seen()).toList()));
          rows.add(row(name, "left_s", all.stream().map(l -> l.get(arm).left()).toList()));
        }
        cost(fall.name() + ": p95 of seeing it, s", fall, "seen_s");
        cost(fall.name() + ": p95 of seeing its end, s", fall, "left_s");
      }
    }
  }

  /** Beside what steadiness gains stands what it costs, arm by arm; null: not within an hour. */
  private void cost(String fact, Fall fall, String metric) {
    Map<String, Double> byArm = new LinkedHashMap<>();
    for (String arm : Arm.NAMES) {
      double p95 = p95(fall, arm, metric);
      byArm.put(arm, Double.isInfinite(p95) ? null : p95);
    }
    facts.put(fact, byArm);
  }

  /** What was never seen took longer than all else. */
  private static Row row(String name, String metric, List<Double> seconds) {
    return Row.of(
        name,
        metric,
        seconds.stream().map(s -> Double.isNaN(s) ? Double.POSITIVE_INFINITY : s).toList());
  }

  private boolean aimed(World world) {
    return BOUNDS.stream().anyMatch(bound -> bound.fact().startsWith(world.name() + ":"));
  }

  private void judge() {
    for (Bound bound : BOUNDS) {
      double measured = Objects.requireNonNull(ours.get(bound.fact()), bound.fact());
      aims.add(Aim.atMost(bound.fact() + ", at most " + bound.most(), bound.most(), measured));
    }
    seen(new Fall(300, 0.5), 80);
    seen(new Fall(300, 0.8), 170);
  }

  private void seen(Fall fall, double bound) {
    double p95 = p95(fall, Arm.NAMES.get(Arm.OURS), "seen_s");
    aims.add(Aim.atMost(fall.name() + ": p95 of seeing it, s, at most " + bound, bound, p95));
  }

  private double p95(Fall fall, String arm, String metric) {
    return rows.stream()
        .filter(r -> r.arm().equals(fall.name() + ", " + arm) && r.metric().equals(metric))
        .findFirst()
        .orElseThrow()
        .p95();
  }
}

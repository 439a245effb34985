package dev.strata.bench.gate;

import dev.strata.core.gate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * A kind of traffic, and the verdict that would be wrong about it.
 *
 * @param name as in the report
 * @param wrong Violated where the true share holds the target, Met where it does not
 * @param heard share of the agents that are heard of; the traffic is that of those
 * @param restartSeconds how often the operator begins with empty rings; 0: never
 * @param hours simulated per seed
 * @param traffic a new one for each seed
 */
record World(
    String name,
    Verdict wrong,
    double heard,
    int restartSeconds,
    int hours,
    Supplier<Traffic> traffic) {
  static final int WINDOW_SECONDS = 300;
  static final double TARGET = 0.95;
  private static final double POINT = 0.01;

  /** Enough for most worlds; one that an aim is judged by has {@link #LONG_HOURS}. */
  static final int HOURS = 6;

  /** What is rare, such as a change a day, takes days to count. */
  static final int LONG_HOURS = 48;

  static final int DAY = 24;

  /** All of them, in the order of the report. */
  static List<World> all() {
    List<World> worlds = new ArrayList<>();
    for (int n : new int[] {24, 60, 300, 1200}) {
      for (int points = 3; points >= -3; points--) {
        worlds.add(steady(n, points));
      }
    }
    for (int size : new int[] {5, 20, 60}) {
      for (int points : new int[] {2, -3}) {
        worlds.add(
            of("bursts of " + size + ", n 1200", points, s -> Traffic.bursts(1200, size, s)));
      }
    }
    for (int n : new int[] {300, 1200}) {
      worlds.add(of("AR(1), n " + n, 2, s -> Traffic.wandering(n, s, 0.015, 60)));
    }
    for (int points : new int[] {2, -3}) {
      World day = of("diurnal rate, n 300", points, s -> Traffic.diurnal(300, s));
      worlds.add(new World(day.name, day.wrong, 1, 0, DAY, day.traffic));
      for (int n : new int[] {45, 59}) {
        worlds.add(of("edge of n, n " + n, points, s -> Traffic.steady(n, s)));
      }
    }
    worlds.add(of("edge of n, n 50", -10, s -> Traffic.steady(50, s)));
    worlds.add(named("1 sick of 40, n 300", Verdict.Violated, 1, () -> sick(300, 40, 1)));
    worlds.add(named("4 silent of 40, n 300", Verdict.Met, 0.9, () -> Traffic.steady(270, 0.98)));
    worlds.add(named("10 silent of 40, n 300", Verdict.Met, 0.75, () -> Traffic.steady(225, 0.98)));
    for (int half : new int[] {240, 400}) {
      worlds.add(
          named(
              "square wave %d/%d s, n 300".formatted(half, half),
              Verdict.Met,
              1,
              () -> Traffic.square(300, half, 0.99, 0.8)));
    }
    for (int points : new int[] {2, -3}) {
      World still = steady(300, points);
      worlds.add(
          new World(
              "restart each hour, " + name("n 300", points),
              still.wrong,
              1,
              3600,
              HOURS,
              still.traffic));
    }
    return worlds;
  }

  private static Traffic sick(double perWindow, int agents, int sick) {
    return Traffic.sick(perWindow, agents, sick, 0.98, 0.5);
  }

  private interface OfShare {
    Traffic traffic(double share);
  }

  static World steady(int n, int points) {
    return of("n " + n, points, s -> Traffic.steady(n, s));
  }

  private static World of(String name, int points, OfShare of) {
    return named(
        name(name, points),
        points >= 0 ? Verdict.Violated : Verdict.Met,
        1,
        () -> of.traffic(TARGET + points * POINT));
  }

  /** The same for longer. */
  World lasting(int longer) {
    return new World(name, wrong, heard, restartSeconds, longer, traffic);
  }

  /** The name of a world whose true share is so many points above the target. */
  static String name(String name, int points) {
    return points == 0
        ? name + ", at the target"
        : String.format(Locale.ROOT, "%s, %+d", name, points);
  }

  private static World named(String name, Verdict wrong, double heard, Supplier<Traffic> traffic) {
    return new World(name, wrong, heard, 0, HOURS, traffic);
  }
}

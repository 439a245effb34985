package dev.strata.bench.gate;

import dev.strata.bench.gate.Fleet.Restarts;
import dev.strata.bench.gate.Fleet.Sickness;
import dev.strata.core.gate.Layer;
import dev.strata.core.gate.Objective;
import dev.strata.core.gate.Rule;
import dev.strata.core.gate.Verdict;
import dev.strata.core.gate.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * A kind of traffic, and the verdict that would be wrong about it.
 *
 * @param name as in the report
 * @param wrong Violated where the true share holds the target, Met where it does not
 * @param objective what it is judged by
 * @param hours simulated per seed
 * @param seen a new one for each seed
 */
record World(String name, Verdict wrong, Objective objective, int hours, Supplier<Seen> seen) {
  static final int WINDOW_SECONDS = 300;
  static final double TARGET = 0.95;
  private static final double POINT = 0.01;
  private static final long DAY_SECONDS = 86_400;

  /** Enough for most worlds; one that an aim is judged by has {@link #LONG_HOURS}. */
  static final int HOURS = 6;

  /** What is rare, such as a change a day, takes days to count. */
  static final int LONG_HOURS = 48;

  static final int DAY = 24;

  /** Two weeks of sparse events, and two days before them. */
  static final int SPARSE_HOURS = 16 * DAY;

  private static final int SPARSE_WARM_UP_DAYS = 2;

  /** The window, target and samples of response-time, which most targets share. */
  private static final Objective USUAL =
      objective("response-time", TARGET, Window.of(Duration.ofSeconds(WINDOW_SECONDS)), 59);

  private static final Objective DELIVERY =
      objective("delivery-success", 0.995, Window.of(Duration.ofMinutes(15)), 598);

  private static final Objective SCHEDULING =
      objective("sched-latency", 0.99, Window.of(Duration.ofMinutes(1)), 459);

  private static final Objective SPAWN =
      objective("spawn", 0.95, new Window(Duration.ofDays(7), 200), 59);

  private static Objective objective(String name, double target, Window window, long least) {
    return new Objective(name, Layer.Application, true, new Rule.Share(target), window, least, 1);
  }

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
      worlds.add(of("diurnal rate, n 300", points, s -> Traffic.diurnal(300, s)).lasting(DAY));
      for (int n : new int[] {45, 59}) {
        worlds.add(of("edge of n, n " + n, points, s -> Traffic.steady(n, s)));
      }
    }
    worlds.add(of("edge of n, n 50", -10, s -> Traffic.steady(50, s)));
    worlds.add(of("1 sick of 40, n 300", Verdict.Violated, () -> sick(300, 40, 1)));
    worlds.add(silent(4, 2, 5));
    worlds.add(silent(4, 10, 3));
    worlds.add(silent(10, 10, 3));
    for (int half : new int[] {240, 400}) {
      worlds.add(
          of(
              "square wave %d/%d s, n 300".formatted(half, half),
              Verdict.Met,
              () -> Traffic.square(300, half, 0.99, 0.8)));
    }
    for (int points : new int[] {2, -3}) {
      worlds.add(restarts("restart each hour", points, Restarts.KEPT));
      worlds.add(restarts("restart each hour, nothing kept", points, Restarts.LOST));
    }
    shipped(worlds);
    return worlds;
  }

  /** Windows other than five minutes, as they are shipped. */
  private static void shipped(List<World> worlds) {
    for (double share : new double[] {0.998, 0.995, 0.99}) {
      worlds.add(shipped(DELIVERY, "15 m", 1200, share, HOURS));
    }
    for (double share : new double[] {0.995, 0.99, 0.98}) {
      worlds.add(shipped(SCHEDULING, "1 m", 3000, share, HOURS));
    }
    for (double share : new double[] {0.97, 0.95, 0.92}) {
      // A hundred a day.
      worlds.add(shipped(SPAWN, "last 200 within 7 d", 700, share, SPARSE_HOURS));
    }
  }

  private static World shipped(Objective objective, String window, int n, double share, int hours) {
    double usual = (double) n * WINDOW_SECONDS / objective.window().span().toSeconds();
    double target = ((Rule.Share) objective.rule()).atLeast();
    return new World(
        String.format(
            Locale.ROOT,
            "%s, %.1f %% in %s, n %d, true %.1f %%",
            objective.name(),
            100 * target,
            window,
            n,
            100 * share),
        share >= target ? Verdict.Violated : Verdict.Met,
        objective,
        hours,
        () -> Seen.all(objective, Traffic.steady(usual, share)));
  }

  private static Traffic sick(double perWindow, int agents, int sick) {
    return Traffic.sick(perWindow, agents, sick, 0.98, 0.5);
  }

  /**
   * Sick agents, half of whose events are bad.
   *
   * @param silent minutes for which one is silent, in the mean
   * @param spoken minutes for which it is not
   */
  private static World silent(int sick, int silent, int spoken) {
    var sickness = new Sickness(sick, 0.5, 60.0 * silent, 60.0 * spoken);
    return new World(
        "%d of 40 silent %d of %d min, n 300".formatted(sick, silent, silent + spoken),
        Verdict.Met,
        USUAL,
        HOURS,
        () -> new Fleet(USUAL, 300, 40, 0.98, sickness, Restarts.NEVER));
  }

  private static World restarts(String name, int points, Restarts restarts) {
    return new World(
        name(name + ", n 300", points),
        points >= 0 ? Verdict.Violated : Verdict.Met,
        USUAL,
        HOURS,
        () -> new Fleet(USUAL, 300, 10, TARGET + points * POINT, Sickness.NONE, restarts));
  }

  private interface OfShare {
    Traffic traffic(double share);
  }

  static World steady(int n, int points) {
    return of("n " + n, points, s -> Traffic.steady(n, s));
  }

  private static World of(String name, int points, OfShare of) {
    return of(
        name(name, points),
        points >= 0 ? Verdict.Violated : Verdict.Met,
        () -> of.traffic(TARGET + points * POINT));
  }

  /** All of whose events are heard at once. */
  static World of(String name, Verdict wrong, Supplier<Traffic> traffic) {
    return new World(name, wrong, USUAL, HOURS, () -> Seen.all(USUAL, traffic.get()));
  }

  /** The same for longer. */
  World lasting(int longer) {
    return new World(name, wrong, objective, longer, seen);
  }

  /** Two windows: before them nothing can be judged well by anybody. */
  long warmUpSeconds() {
    return objective.window().counted()
        ? SPARSE_WARM_UP_DAYS * DAY_SECONDS
        : 2 * objective.window().span().toSeconds();
  }

  /** How many windows do not overlap in what counts. */
  double windows() {
    return (hours * 3600.0 - warmUpSeconds())
        / Math.min(objective.window().span().toSeconds(), DAY_SECONDS);
  }

  /** The name of a world whose true share is so many points above the target. */
  static String name(String name, int points) {
    return points == 0
        ? name + ", at the target"
        : String.format(Locale.ROOT, "%s, %+d", name, points);
  }
}

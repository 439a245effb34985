package dev.strata.core.gate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Estimator T: whether the memory of any agent grows for a day. It does when the growth is hardly
 * chance, and fast enough to matter: {@link MannKendall} says both. Agents are many, and each could
 * seem to grow by chance, so the false share of those found is held at {@link #ALPHA}. Source: Y.
 * Benjamini and Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995). That holds for
 * agents which depend on each other as well, as long as what makes one grow makes no other shrink,
 * such as their common load: Y. Benjamini and D. Yekutieli, Annals of Statistics 29 (2001).
 *
 * <p>Nothing feeds it yet: a later issue brings the readings.
 */
public final class TrendEstimator {
  /** How many of those found may be found by chance, and how often an agent alone may be. */
  public static final double ALPHA = 0.01;

  /** What a process takes in its first hours is no leak. */
  public static final Duration WARM_UP = Duration.ofHours(3);

  /** Less of a window than this tells nothing of all of it. */
  public static final double LEAST_COVERAGE = 0.9;

  private static final double LEAST_SHARE_OF_LIMIT = 0.05;
  private static final double LEAST_BYTES = 16 * 1024 * 1024;

  /** A reading stands for so much time before it. */
  private static final long READING_MILLIS = Duration.ofHours(1).toMillis();

  private TrendEstimator() {}

  /**
   * Memory at one moment: the live set after a collection, or the least of an hour.
   *
   * @param beganMillis when its process began
   */
  public record Reading(long atMillis, long beganMillis, double bytes) {
    public Reading {
      if (!Double.isFinite(bytes) || bytes < 0 || atMillis < beganMillis) {
        throw new IllegalArgumentException(
            "%s bytes, %d ms after its process began".formatted(bytes, atMillis - beganMillis));
      }
    }

    private boolean warmingUp() {
      return atMillis - beganMillis < WARM_UP.toMillis();
    }
  }

  /**
   * One of those that are judged: an identity, which outlives its processes.
   *
   * @param limitBytes what it may take; 0 without a limit
   * @param readings in any order; those outside of the window are left out
   */
  public record Subject(String name, double limitBytes, List<Reading> readings) {
    public Subject {
      readings = List.copyOf(readings);
    }

    private double material() {
      return Math.max(LEAST_SHARE_OF_LIMIT * limitBytes, LEAST_BYTES);
    }
  }

  /**
   * What is found of one identity.
   *
   * @param bytesADay slope
   * @param lower 99 % lower bound of the slope
   * @param chance probability of so much growth without a leak
   * @param coverage share of the window that was measured, without what its processes' warm-up took
   * @param leaking whether it grows
   */
  public record Trend(
      String name,
      double bytesADay,
      double lower,
      double chance,
      double coverage,
      boolean leaking) {}

  private record Judged(Subject subject, MannKendall growth, double coverage) {}

  /**
   * The evidence of all identities; the estimate is the worst one's slope in bytes a day, and its
   * samples are hours. Identities that are not covered are left out; without any other, the window
   * is incomplete.
   *
   * @param kills for want of memory in the window: one is proof
   * @param least hours that a verdict needs
   */
  public static Evidence estimate(
      List<Subject> subjects, long kills, long least, Window window, long nowMillis) {
    Evidence evidence =
        worst(subjects, window, nowMillis).stream()
            .findFirst()
            .map(worst -> evidence(worst, subjects, window, nowMillis))
            .orElseGet(() -> Evidence.lacking(Cause.WindowIncomplete));
    return kills > 0 ? evidence.refuted(kills, least) : evidence;
  }

  private static Evidence evidence(Trend worst, List<Subject> subjects, Window window, long now) {
    long newest =
        subjects.stream()
            .flatMap(s -> s.readings().stream())
            .mapToLong(Reading::atMillis)
            .filter(at -> at <= now)
            .max()
            .orElseThrow();
    long hours = Math.round(worst.coverage() * window.span().toHours());
    return new Evidence(
        worst.bytesADay(),
        worst.lower(),
        !worst.leaking(),
        worst.leaking(),
        false,
        hours,
        newest,
        worst.coverage(),
        null);
  }

  /** The identities that are covered: those that leak first, and of each kind the steepest. */
  public static List<Trend> worst(List<Subject> subjects, Window window, long nowMillis) {
    List<Judged> judged =
        subjects.stream()
            .map(subject -> judge(subject, window.span(), nowMillis))
            .filter(j -> j.coverage() >= LEAST_COVERAGE)
            .toList();
    double most = mostChance(judged.stream().mapToDouble(j -> j.growth().chance()).toArray());
    return judged.stream()
        .map(j -> trend(j, most))
        .sorted(
            Comparator.comparing(Trend::leaking)
                .thenComparingDouble(Trend::bytesADay)
                .reversed()
                .thenComparing(Trend::name))
        .toList();
  }

  private static Trend trend(Judged judged, double mostChance) {
    MannKendall growth = judged.growth();
    boolean leaking = growth.chance() <= mostChance && growth.slope() > judged.subject().material();
    return new Trend(
        judged.subject().name(),
        growth.slope(),
        growth.lower(),
        growth.chance(),
        judged.coverage(),
        leaking);
  }

  /** The largest chance that still counts as found: the k-th of m is at most k / m of alpha. */
  private static double mostChance(double[] chances) {
    double[] sorted = chances.clone();
    Arrays.sort(sorted);
    for (int k = sorted.length; k > 0; k--) {
      if (sorted[k - 1] <= ALPHA * k / sorted.length) {
        return sorted[k - 1];
      }
    }
    return -1;
  }

  /**
   * The readings after warm-up, life by life, and how much of the window they stand for. Warm-up is
   * neither covered nor missing, or one restart a day would leave nobody covered; but where it
   * takes most of the window, nothing is.
   */
  private static Judged judge(Subject subject, Duration span, long now) {
    long from = now - span.toMillis();
    List<Reading> readings =
        subject.readings().stream()
            .filter(r -> r.atMillis() > from && r.atMillis() <= now)
            .sorted(Comparator.comparingLong(Reading::atMillis))
            .toList();
    var lives = new TreeMap<Long, List<Reading>>();
    long warmUp = 0;
    long used = 0;
    long last = from;
    for (Reading reading : readings) {
      long standsFor = Math.min(READING_MILLIS, reading.atMillis() - last);
      last = reading.atMillis();
      if (reading.warmingUp()) {
        warmUp += standsFor;
      } else {
        used += standsFor;
        lives.computeIfAbsent(reading.beganMillis(), began -> new ArrayList<>()).add(reading);
      }
    }
    MannKendall growth = MannKendall.of(lives.values().stream().map(MannKendall.Life::of).toList());
    boolean little = 2 * used < span.toMillis() || Double.isNaN(growth.slope());
    double coverage = little ? 0 : (double) used / (span.toMillis() - warmUp);
    return new Judged(subject, growth, coverage);
  }
}

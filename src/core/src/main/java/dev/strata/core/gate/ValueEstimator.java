package dev.strata.core.gate;

import dev.strata.core.signal.GaugeRing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Estimator V: the mean of each owner's gauge over the window; the worst owner counts. */
public final class ValueEstimator {
  private ValueEstimator() {}

  /**
   * The evidence of all owners. An owner with fewer values than a verdict needs is left out; where
   * nobody has as many, such as after the end of the only one that had, those count that have
   * enough to keep a verdict.
   *
   * @param least values that an owner needs for a verdict
   */
  public static Evidence estimate(
      Map<String, GaugeRing> owners,
      Side side,
      double target,
      Window window,
      long least,
      long now) {
    List<Owner> enough = worst(owners, side, window, least, now);
    List<Owner> worst =
        enough.isEmpty()
            ? worst(owners, side, window, Objective.samplesToStay(least), now)
            : enough;
    if (worst.isEmpty()) {
      return new Evidence(
          Double.NaN, Double.NaN, false, false, false, 0, mark(owners), Double.NaN, null);
    }
    double value = worst.getFirst().value();
    boolean inside = side.holds(value, target);
    long samples =
        owners.values().stream().mapToLong(r -> r.samples(now, window.span())).max().orElse(0);
    return new Evidence(
        value, value, inside, !inside, false, samples, mark(owners), Double.NaN, null);
  }

  /** The owners with enough values, the worst first. */
  public static List<Owner> worst(
      Map<String, GaugeRing> owners, Side side, Window window, long least, long now) {
    List<Owner> means = new ArrayList<>();
    owners.forEach(
        (name, ring) -> {
          if (ring.samples(now, window.span()) >= least) {
            means.add(new Owner(name, ring.mean(now, window.span())));
          }
        });
    Comparator<Owner> byValue = Comparator.comparingDouble(Owner::value);
    means.sort((side == Side.AtMost ? byValue.reversed() : byValue).thenComparing(Owner::name));
    return means;
  }

  private static long mark(Map<String, GaugeRing> owners) {
    return owners.values().stream().mapToLong(GaugeRing::mark).sum();
  }
}

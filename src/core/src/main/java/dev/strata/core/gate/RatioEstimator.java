package dev.strata.core.gate;

import dev.strata.core.signal.SumRing;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Estimator R: a ratio of two sums, judged by a t-bound from the scatter of its batches. Source: W.
 * G. Cochran, Sampling Techniques (1977), chapter 6, for the variance of a ratio.
 */
public final class RatioEstimator {
  /** Fewer batches give no bound worth having. */
  public static final int LEAST_BATCHES = 20;

  private RatioEstimator() {}

  /** The evidence of a ring; without a denominator there is no demand. */
  public static Evidence estimate(
      SumRing ring, Side side, double target, Window window, long nowMillis) {
    return estimate(ring, side, target, window, nowMillis, ShareEstimator.CONFIDENCE);
  }

  /**
   * The evidence of the worst owner, where each has a ring of its own. The bounds are corrected for
   * the number of owners, as {@link ShareEstimator#worst} does. An owner with fewer batches than a
   * bound needs is left out.
   */
  public static Evidence worst(
      Map<String, SumRing> owners, Side side, double target, Window window, long nowMillis) {
    double confidence = 1 - (1 - ShareEstimator.CONFIDENCE) / Math.max(1, owners.size());
    long mark = 0;
    boolean beyond = false;
    @Nullable Evidence worst = null;
    for (SumRing ring : owners.values()) {
      Evidence own = estimate(ring, side, target, window, nowMillis, confidence);
      mark += own.mark();
      beyond |= own.beyond();
      if (own.samples() >= LEAST_BATCHES
          && (worst == null || !side.holds(own.estimate(), worst.estimate()))) {
        worst = own;
      }
    }
    return worst == null
        ? new Evidence(Double.NaN, Double.NaN, false, false, false, 0, mark, Double.NaN, null)
        : new Evidence(
            worst.estimate(),
            worst.bound(),
            worst.inside(),
            beyond,
            false,
            worst.samples(),
            mark,
            Double.NaN,
            null);
  }

  private static Evidence estimate(
      SumRing ring, Side side, double target, Window window, long nowMillis, double confidence) {
    SumRing.Batches batches = ring.within(nowMillis, window.span());
    int n = batches.above().length;
    double below = Arrays.stream(batches.below()).sum();
    if (n == 0) {
      return Evidence.lacking(Cause.NoDemand);
    }
    double ratio = Arrays.stream(batches.above()).sum() / below;
    boolean inside = side.holds(ratio, target);
    double bound = ratio;
    if (n >= LEAST_BATCHES) {
      double half = Bounds.student(n, confidence) * error(batches, ratio, below / n);
      // Towards the good side when it may refute the target, towards the bad one when it may not.
      bound = (side == Side.AtMost) == inside ? ratio + half : ratio - half;
    }
    boolean beyond = n >= LEAST_BATCHES && !inside && !side.holds(bound, target);
    return new Evidence(ratio, bound, inside, beyond, false, n, batches.mark(), Double.NaN, null);
  }

  /** Standard error of the ratio. */
  private static double error(SumRing.Batches batches, double ratio, double mean) {
    int n = batches.above().length;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double residual = batches.above()[i] - ratio * batches.below()[i];
      squares += residual * residual;
    }
    return Math.sqrt(squares / (n - 1) / n) / mean;
  }
}

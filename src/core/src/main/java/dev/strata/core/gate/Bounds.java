package dev.strata.core.gate;

import org.apache.commons.numbers.gamma.LogBeta;
import org.apache.commons.numbers.gamma.RegularizedBeta;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * One-sided confidence bounds. The counts may be fractions, because a design effect divides them.
 *
 * <p>Source: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934), by the identity between the
 * binomial tail and the incomplete beta function.
 */
public final class Bounds {
  private static final int MOST_STEPS = 100;
  private static final double PRECISION = 1e-13;

  /** Confidence that the least number of events gives. */
  private static final double PROOF = 0.95;

  private Bounds() {}

  /**
   * Upper bound of the good share: the largest share that would still give so few good events with
   * a probability of 1 - confidence.
   *
   * @param good 0 to total
   * @param confidence such as 0.99
   * @return 0 to 1; 1 when all are good, or there are none
   */
  public static double upper(double good, double total, double confidence) {
    if (total <= 0 || good >= total) {
      return 1;
    }
    return invert(good + 1, total - good, confidence);
  }

  /**
   * Lower bound of the good share.
   *
   * @return 0 to 1; 0 when none is good, or there are none
   */
  public static double lower(double good, double total, double confidence) {
    if (total <= 0 || good <= 0) {
      return 0;
    }
    return invert(good, total - good + 1, 1 - confidence);
  }

  /**
   * Whether the upper bound of the good share lies below a target. The same as comparing {@link
   * #upper}, by one evaluation instead of an inversion.
   */
  public static boolean below(double good, double total, double target, double confidence) {
    return total > 0
        && good < total * target
        && RegularizedBeta.value(target, good + 1, total - good) > confidence;
  }

  /**
   * How many events without a bad one show a share with 95 % confidence.
   *
   * @param share above 0 and below 1
   */
  public static long leastSamples(double share) {
    return (long) Math.ceil(Math.log(1 - PROOF) / Math.log(share));
  }

  /**
   * Half the width of a one-sided t-interval, in standard errors.
   *
   * @param batches at least 2
   */
  public static double student(int batches, double confidence) {
    return TDistribution.of(batches - 1).inverseCumulativeProbability(confidence);
  }

  /**
   * The x at which the regularized incomplete beta function has this value; it grows with x. By
   * Newton's method, which needs about five evaluations, kept within what is known of x.
   */
  private static double invert(double a, double b, double value) {
    double logBeta = LogBeta.value(a, b);
    double low = 0;
    double high = 1;
    double x = a / (a + b);
    for (int i = 0; i < MOST_STEPS; i++) {
      double error = RegularizedBeta.value(x, a, b) - value;
      if (error < 0) {
        low = x;
      } else {
        high = x;
      }
      double slope = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta);
      double next = x - error / slope;
      if (!(next > low && next < high)) {
        next = (low + high) / 2;
      }
      if (Math.abs(next - x) < PRECISION) {
        return next;
      }
      x = next;
    }
    return x;
  }
}

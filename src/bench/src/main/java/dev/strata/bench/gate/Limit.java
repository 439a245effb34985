package dev.strata.bench.gate;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * The upper 95 % limit of a mean over seeds: that of a normal distribution where much happens, and
 * that of a Poisson number where little does, whichever is higher. The latter is three for none,
 * and 4.7 for one. Source: F. Garwood, Biometrika 28 (1936).
 */
final class Limit {
  private static final double CONFIDENCE = 0.95;
  private static final double NORMAL_95 = 1.645;

  private Limit() {}

  /**
   * The limit.
   *
   * @param values one a seed
   * @param unit what one occurrence adds to the sum of the values
   */
  static double upper(double[] values, double unit) {
    int n = values.length;
    double sum = Arrays.stream(values).sum();
    double mean = sum / n;
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double normal = n < 2 ? mean : mean + NORMAL_95 * Math.sqrt(squares / (n - 1) / n);
    return Math.max(normal, poisson(sum / unit) * unit / n);
  }

  /** The largest mean that gives so few occurrences with a probability of 5 %. */
  static double poisson(double occurrences) {
    return ChiSquaredDistribution.of(2 * (occurrences + 1)).inverseCumulativeProbability(CONFIDENCE)
        / 2;
  }
}

package dev.strata.bench.gate;

import java.util.Arrays;

/** The upper 95 % limit of a mean over seeds. */
final class Limit {
  private static final double NORMAL_95 = 1.645;

  /** Of what never happened in n looks, at most so many n-ths would: the rule of three. */
  private static final double THREE = 3;

  private Limit() {}

  /**
   * The limit.
   *
   * @param values one a seed
   * @param unit what one occurrence adds to the sum of the values: the limit of none is three such
   */
  static double upper(double[] values, double unit) {
    int n = values.length;
    double mean = Arrays.stream(values).average().orElse(0);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double limit = mean + NORMAL_95 * Math.sqrt(squares / (n - 1) / n);
    return mean == 0 ? THREE * unit / n : limit;
  }
}

package dev.strata.core.gate;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Whether values grow with time, by the signs of the differences of all pairs, and how fast, by the
 * median of their slopes: neither asks how the values scatter. Sources: H. B. Mann, Econometrica 13
 * (1945), and P. K. Sen, Journal of the American Statistical Association 63 (1968).
 *
 * <p>Only values of one life are compared: what a restart gives back hides no growth, and is none.
 * Statistics and variances of several lives add up, as those of several seasons do in R. M. Hirsch,
 * J. R. Slack and R. A. Smith, Water Resources Research 18 (1982).
 *
 * @param slope median slope, a day; NaN without two values of one life
 * @param lower 99 % one-sided lower bound of the slope
 * @param chance probability of so much growth, or more, where there is none
 */
record MannKendall(double slope, double lower, double chance) {
  private static final double DAY_MILLIS = 86_400_000;
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Of a normal distribution, both sides: what is within is taken for none. */
  private static final double SIGNIFICANT = 1.96;

  private static final double MOST_CORRELATION = 0.97;
  private static final double ROUNDING = 1e-9;

  /** Fewer values have no autocorrelation to speak of. */
  private static final int LEAST_OF_LIFE = 4;

  /**
   * One life's values, oldest first.
   *
   * @param days when they were taken, in days
   */
  @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next, never compared
  record Life(double[] days, double[] values) {
    static Life of(List<TrendEstimator.Reading> readings) {
      return new Life(
          readings.stream().mapToDouble(r -> r.atMillis() / DAY_MILLIS).toArray(),
          readings.stream().mapToDouble(TrendEstimator.Reading::bytes).toArray());
    }

    int size() {
      return values.length;
    }
  }

  static MannKendall of(List<Life> lives) {
    double[] slopes =
        lives.stream().map(MannKendall::slopes).flatMapToDouble(Arrays::stream).sorted().toArray();
    if (slopes.length == 0) {
      return new MannKendall(Double.NaN, Double.NaN, 1);
    }
    double slope = (slopes[(slopes.length - 1) / 2] + slopes[slopes.length / 2]) / 2;
    double signs = Arrays.stream(slopes).map(Math::signum).sum();
    double variance =
        lives.stream().mapToDouble(life -> variance(life) * effect(life, slope)).sum();
    double deviation = Math.sqrt(variance);
    // Whole numbers against a continuous distribution: half a step, and steps are of two.
    double chance =
        deviation == 0 ? 1 : NORMAL.survivalProbability((signs - Math.signum(signs)) / deviation);
    double away = NORMAL.inverseCumulativeProbability(ShareEstimator.CONFIDENCE) * deviation;
    int at = (int) Math.floor((slopes.length - away) / 2) - 1;
    return new MannKendall(slope, slopes[Math.max(0, at)], chance);
  }

  private static double[] slopes(Life life) {
    int n = life.size();
    double[] slopes = new double[n * (n - 1) / 2];
    int count = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        if (life.days[j] > life.days[i]) {
          slopes[count++] = (life.values[j] - life.values[i]) / (life.days[j] - life.days[i]);
        }
      }
    }
    return Arrays.copyOf(slopes, count);
  }

  /** Of the sum of signs, for values that do not know of each other; less where some are equal. */
  private static double variance(Life life) {
    double[] sorted = life.values.clone();
    Arrays.sort(sorted);
    double variance = pairs(sorted.length);
    int from = 0;
    for (int i = 1; i <= sorted.length; i++) {
      if (i == sorted.length || sorted[i] != sorted[from]) {
        variance -= pairs(i - from);
        from = i;
      }
    }
    return variance / 18;
  }

  private static double pairs(double n) {
    return n * (n - 1) * (2 * n + 5);
  }

  /**
   * By how much autocorrelation raises the variance, at least 1: from the autocorrelations of the
   * ranks of what the slope leaves that are significant. Source: K. H. Hamed and A. R. Rao, Journal
   * of Hydrology 204 (1998).
   *
   * <p>Of a day's few values, that finds too little of it: with a first-order autocorrelation of
   * 0.5 one of twenty agents without a leak would seem to have one. So it is at least what a
   * first-order process gives, its autocorrelation freed of its bias (M. G. Kendall, Biometrika 41,
   * 1954) and taken one standard error higher.
   */
  private static double effect(Life life, double slope) {
    int n = life.size();
    if (n < LEAST_OF_LIFE) {
      return 1;
    }
    double[] ranks = ranks(life, slope);
    double square = Arrays.stream(ranks).map(r -> r * r).sum();
    if (square == 0) {
      return 1;
    }
    double first = correlation(ranks, 1) / square;
    double unbiased = first + (1 + 3 * Math.max(first, 0)) / n;
    double error = Math.sqrt(Math.max(0, 1 - unbiased * unbiased) / n);
    double process = Math.clamp(unbiased + error, 0, MOST_CORRELATION);
    double found = 0;
    double modelled = 0;
    for (int lag = 1; lag < n - 2; lag++) {
      double weight = (double) (n - lag) * (n - lag - 1) * (n - lag - 2);
      double here = correlation(ranks, lag) / square;
      found += Math.abs(here) > SIGNIFICANT / Math.sqrt(n) ? weight * here : 0;
      modelled += weight * Math.pow(process, lag);
    }
    return 1 + Math.max(0, Math.max(found, modelled)) * 2 / ((double) n * (n - 1) * (n - 2));
  }

  private static double correlation(double[] ranks, int lag) {
    double sum = 0;
    for (int i = lag; i < ranks.length; i++) {
      sum += ranks[i] * ranks[i - lag];
    }
    return sum;
  }

  /**
   * Of what the slope leaves, less their mean; ones that rounding alone tells apart share theirs.
   */
  private static double[] ranks(Life life, double slope) {
    int n = life.size();
    double[] left = new double[n];
    Arrays.setAll(left, i -> life.values[i] - slope * (life.days[i] - life.days[0]));
    double rounding = ROUNDING * Arrays.stream(life.values).max().orElse(0);
    double[] ranks = new double[n];
    for (int i = 0; i < n; i++) {
      for (double other : left) {
        double more = left[i] - other;
        ranks[i] += Math.abs(more) <= rounding ? 0 : Math.signum(more) / 2;
      }
    }
    return ranks;
  }
}

package dev.strata.core.gate;

import java.util.List;

/** Estimator K: so many bad slices of the last ones violate a target; there is no bound. */
public final class SliceEstimator {
  private SliceEstimator() {}

  /**
   * The evidence of slices.
   *
   * @param values one a slice, oldest first, at most as many as the rule has
   * @param mark grows with each slice
   */
  public static Evidence estimate(List<Double> values, Rule.Slices rule, long mark) {
    List<Double> last = values.subList(Math.max(0, values.size() - rule.of()), values.size());
    long bad = last.stream().filter(v -> !rule.side().holds(v, rule.bound())).count();
    double share = last.isEmpty() ? Double.NaN : 1 - (double) bad / last.size();
    boolean beyond = bad >= rule.bad();
    return new Evidence(share, share, !beyond, beyond, true, last.size(), mark, Double.NaN, null);
  }
}

package dev.strata.core.gate;

/** How evidence becomes a judgement: one record an estimator. */
public sealed interface Rule {
  /**
   * Good and total events.
   *
   * @param atLeast the share that must be good, 0.5 to below 1
   */
  record Share(double atLeast) implements Rule {}

  /**
   * A ratio of two sums, over at least {@link RatioEstimator#LEAST_BATCHES} batches.
   *
   * @param bound the ratio that is just good
   */
  record Ratio(Side side, double bound) implements Rule {}

  /**
   * One value of the worst owner, a mean over the window.
   *
   * @param bound in the signal's own unit
   */
  record Value(Side side, double bound) implements Rule {}

  /**
   * Slices of time of which so many may be bad.
   *
   * @param bad from how many bad ones on the target is violated
   * @param of how many slices the window has
   */
  record Slices(Side side, double bound, int bad, int of) implements Rule {}

  /** A slope that must not be provably above zero. */
  record Trend() implements Rule {}
}

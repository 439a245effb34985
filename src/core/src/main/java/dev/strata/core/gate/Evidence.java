package dev.strata.core.gate;

import org.jspecify.annotations.Nullable;

/**
 * What speaks for and against a target at one moment.
 *
 * @param estimate the measured share, ratio or value; NaN when there is none
 * @param bound its 99 % one-sided bound on the side that could refute the target; equal to the
 *     estimate where the rule has no bound
 * @param inside whether the estimate is on the good side of the target
 * @param beyond whether the bound is on the bad side of the target
 * @param certain whether being beyond needs no second look, such as a kill for want of memory
 * @param samples events, slices or batches in the window
 * @param mark grows with everything that was ever measured; equal marks mean nothing new
 * @param coverage share of what should have been measured that was, 0 to 1; NaN when unknown
 * @param lacking why no verdict can be had, whatever the counts; null when one can
 */
public record Evidence(
    double estimate,
    double bound,
    boolean inside,
    boolean beyond,
    boolean certain,
    long samples,
    long mark,
    double coverage,
    @Nullable Cause lacking) {

  /** What is left out below this share may have been the bad part. */
  public static final double LEAST_COVERAGE = 0.8;

  /** There is none, and this is why. */
  public static Evidence lacking(Cause cause) {
    return new Evidence(Double.NaN, Double.NaN, false, false, false, 0, 0, Double.NaN, cause);
  }

  /**
   * The same, and a proof against the target that needs neither samples nor a second look.
   *
   * @param proofs how many there are
   * @param enough samples that a verdict needs
   */
  public Evidence refuted(long proofs, long enough) {
    return new Evidence(
        estimate,
        bound,
        false,
        true,
        true,
        Math.max(samples, enough),
        mark + proofs,
        coverage,
        null);
  }

  /** The same, unless too little of what should have been measured was. */
  public Evidence covered(double share) {
    Cause cause = lacking == null && share < LEAST_COVERAGE ? Cause.LowCoverage : lacking;
    return new Evidence(estimate, bound, inside, beyond, certain, samples, mark, share, cause);
  }
}

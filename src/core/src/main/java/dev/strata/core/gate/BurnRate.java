package dev.strata.core.gate;

import dev.strata.core.signal.Counts;

/**
 * How fast an error budget burns. It burns from the moment that both windows reach the factor,
 * until for the length of the short one not both have: a rate that moves around the factor is one
 * burn. What is not seen, or is too little, is neither healthy nor a burn, whatever was said
 * before.
 *
 * @param burn what it is measured against
 * @param verdict Met: within the budget, Violated: it burns
 * @param overLong the rate over the long window, 1 uses up the budget just in time; NaN: not known
 * @param overShort likewise over the short one
 * @param belowSinceMillis since when a burn has not been reached any more; -1: it is, or there is
 *     none
 */
public record BurnRate(
    Burn burn, Verdict verdict, double overLong, double overShort, long belowSinceMillis) {

  /** Nothing is seen of it. */
  public static BurnRate unseen(Burn burn) {
    return new BurnRate(burn, Verdict.Unknown, Double.NaN, Double.NaN, -1);
  }

  /**
   * What follows this one.
   *
   * @param overLong events of the long window that ends now
   * @param overShort likewise of the short one
   */
  public BurnRate next(Counts overLong, Counts overShort, long nowMillis) {
    double longRate = burn.rate(overLong);
    double shortRate = burn.rate(overShort);
    // A short window without events is no end of what the long one shows.
    boolean told =
        enough(overLong, burn.longSamples())
            && (enough(overShort, burn.shortSamples()) || !burn.reached(overLong));
    if (!told) {
      return new BurnRate(burn, Verdict.Unknown, longRate, shortRate, -1);
    }
    if (burn.reached(overLong) && burn.reached(overShort)) {
      return new BurnRate(burn, Verdict.Violated, longRate, shortRate, -1);
    }
    long belowSince = belowSinceMillis < 0 ? nowMillis : belowSinceMillis;
    boolean lasts =
        verdict == Verdict.Violated && nowMillis - belowSince < burn.shortSpan().toMillis();
    return lasts
        ? new BurnRate(burn, Verdict.Violated, longRate, shortRate, belowSince)
        : new BurnRate(burn, Verdict.Met, longRate, shortRate, -1);
  }

  /** As for verdicts, three quarters are enough to stay: thin traffic would come and go. */
  private boolean enough(Counts counts, long least) {
    return counts.total() >= (verdict == Verdict.Unknown ? least : Math.ceilDiv(3 * least, 4));
  }
}

package dev.strata.core.signal;

/**
 * Good and total events.
 *
 * @param good 0 to total
 * @param total at least 0
 */
public record Counts(long good, long total) {
  public static final Counts NONE = new Counts(0, 0);

  public Counts {
    if (good < 0 || total < good) {
      throw new IllegalArgumentException("good " + good + " of total " + total);
    }
  }

  public Counts plus(Counts other) {
    return new Counts(good + other.good, total + other.total);
  }

  /** The good share; NaN of nothing. */
  public double share() {
    return total == 0 ? Double.NaN : (double) good / total;
  }
}

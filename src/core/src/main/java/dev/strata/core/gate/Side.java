package dev.strata.core.gate;

/** Which side of a bound is the good one. */
public enum Side {
  AtLeast,
  AtMost;

  /** Whether a value lies on the good side; the bound itself is good. */
  public boolean holds(double value, double bound) {
    return this == AtLeast ? value >= bound : value <= bound;
  }
}

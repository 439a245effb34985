package dev.strata.core.gate;

/** Why a verdict is Unknown: this list and no other. */
public enum Cause {
  /** Fewer events than a verdict needs. */
  InsufficientSamples(true),
  /** The window reaches back to before anything was measured. */
  WindowIncomplete(true),
  /** Nothing was asked of the pool. */
  NoDemand(true),
  /** The target does not fit what is there, such as balance on one node. */
  NotApplicable(true),
  /** The share of a capacity that nobody has declared. */
  NoCapacityConfigured(true),
  /** Nothing measures it. */
  NotExposed(true),
  /** The measurer may not look. */
  NoPermission(false),
  /** What was measured came to an end. */
  Stale(false),
  /** Too much of what should have been measured was not. */
  LowCoverage(false),
  /** The measurer failed. */
  SourceError(false),
  /** Clocks of two sides differ by more than the measurement bears. */
  ClockUncertain(false),
  /** The judge has just begun. */
  Warming(false),
  /** The target was changed and has not been judged since. */
  ProfileChanged(false);

  private final boolean neutral;

  Cause(boolean neutral) {
    this.neutral = neutral;
  }

  /**
   * Whether a gate may be satisfied all the same: there was nothing to judge, as opposed to
   * something that could not be seen.
   */
  public boolean neutral() {
    return neutral;
  }
}

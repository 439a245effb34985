package dev.strata.core.gate;

import org.jspecify.annotations.Nullable;

/**
 * One target of a gate as it stands, with what was weighed last.
 *
 * @param burn how fast its error budget burns; null: nobody asks
 */
public record Row(
    Objective objective, Standing standing, Evidence evidence, @Nullable BurnRate burn) {
  /** A target of which nobody asks how fast its budget burns. */
  public Row(Objective objective, Standing standing, Evidence evidence) {
    this(objective, standing, evidence, null);
  }

  boolean violated() {
    return standing.verdict() == Verdict.Violated;
  }

  boolean met() {
    return standing.verdict() == Verdict.Met;
  }

  boolean unknown() {
    return standing.verdict() == Verdict.Unknown;
  }

  /** Whether it is Unknown because something could not be seen, rather than was not there. */
  boolean blind() {
    return standing.cause() != null && !standing.cause().neutral();
  }
}

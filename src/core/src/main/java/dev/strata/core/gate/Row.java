package dev.strata.core.gate;

/** One target of a gate as it stands, with what was weighed last. */
public record Row(Objective objective, Standing standing, Evidence evidence) {
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

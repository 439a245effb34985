package dev.strata.core.gate;

/** What is known of a target. Missing evidence is Unknown: never Met, and never Violated. */
public enum Verdict {
  Met,
  Violated,
  Unknown
}

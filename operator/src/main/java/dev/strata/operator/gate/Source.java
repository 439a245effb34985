package dev.strata.operator.gate;

import dev.strata.core.gate.Cause;
import java.time.Duration;

/** Where the evidence of a target comes from. */
sealed interface Source {
  /**
   * Good and total events.
   *
   * @param slot how finely they are kept
   * @param size how many slots
   * @param agents whether agents count them, as opposed to this operator
   * @param none why there is no verdict when there were none
   */
  record Events(String key, Duration slot, int size, boolean agents, Cause none)
      implements Source {}

  /**
   * Good and total events that agents count of tasks which they could judge.
   *
   * @param coverage key of the judged tasks among all
   */
  record Judged(String key, String coverage, Duration slot, int size) implements Source {}

  /** Numerators and denominators that agents count. */
  record Sums(String key) implements Source {}

  /** A gauge of each agent. */
  record Gauges(String key) implements Source {}

  /** The gate's own rows. */
  record Rows() implements Source {}

  /** Nothing measures it. */
  record None(Cause cause) implements Source {}
}

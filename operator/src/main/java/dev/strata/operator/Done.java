package dev.strata.operator;

import dev.strata.core.pool.Action;
import dev.strata.core.pool.Plan;
import java.util.List;

/**
 * What came of a plan.
 *
 * @param plan the plan
 * @param carriedOut the actions that took effect
 * @param failed the ones that did not, to be planned again
 */
record Done(Plan plan, List<Action> carriedOut, List<Action> failed) {
  Done {
    carriedOut = List.copyOf(carriedOut);
    failed = List.copyOf(failed);
  }

  /** Whether it has to be looked at again soon. */
  boolean incomplete() {
    return !failed.isEmpty();
  }
}

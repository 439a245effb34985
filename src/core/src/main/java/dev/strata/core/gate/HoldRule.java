package dev.strata.core.gate;

import java.time.Duration;
import java.util.List;

/**
 * What a gate holds while targets are violated.
 *
 * @param kind what is held
 * @param objectives names of the targets; empty: all Required ones
 * @param most how long at most, counted from the violation on
 * @param spares how many more of them a pool keeps; 0 but for {@link Kind#GrowWarm}
 */
public record HoldRule(Kind kind, List<String> objectives, Duration most, int spares) {
  /** What can be held. */
  public enum Kind {
    HoldScaleUp,
    HoldScaleDown,
    HoldRollout,
    GrowWarm,
    Rollback
  }

  public HoldRule {
    objectives = List.copyOf(objectives);
  }

  boolean names(Objective objective) {
    return objectives.isEmpty() ? objective.required() : objectives.contains(objective.name());
  }
}

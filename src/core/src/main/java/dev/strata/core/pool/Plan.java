package dev.strata.core.pool;

import java.time.Duration;
import java.util.List;

/**
 * What to do about one pool.
 *
 * @param actions in the order in which they are to be carried out
 * @param facts what the pool looks like now
 * @param again when to look again even if nothing happens
 */
public record Plan(List<Action> actions, PoolFacts facts, Duration again) {
  public Plan {
    actions = List.copyOf(actions);
  }

  /** The actions of one kind. */
  public <A extends Action> List<A> of(Class<A> kind) {
    return actions.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}

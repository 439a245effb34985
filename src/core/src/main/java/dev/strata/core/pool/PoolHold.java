package dev.strata.core.pool;

import java.time.Instant;

/**
 * A gate's wish that the pool stays as it is.
 *
 * @param kind what may not happen
 * @param note why, for people
 * @param since since when
 */
public record PoolHold(Kind kind, String note, Instant since) {
  /** What may not happen. */
  public enum Kind {
    /** More agents. */
    UP,
    /** Fewer agents. */
    DOWN,
    /** Agents of an old template replaced by those of a new one. */
    ROLLOUT
  }
}

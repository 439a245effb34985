package dev.strata.core.pool;

import java.time.Instant;

/**
 * A gate's wish that the pool stays as it is, or keeps more spares than it asks for.
 *
 * @param kind what may not happen
 * @param note why, for people
 * @param since since when
 * @param spares how many more; 0 but for {@link Kind#WARM}
 */
public record PoolHold(Kind kind, String note, Instant since, int spares) {
  /** What may not happen. */
  public enum Kind {
    /** More agents. */
    UP,
    /** Fewer agents. */
    DOWN,
    /** Agents of an old template replaced by those of a new one. */
    ROLLOUT,
    /** Nothing; spares are added. */
    WARM,
    /** Any of these: what a gate holds is not known yet. */
    ALL
  }
}

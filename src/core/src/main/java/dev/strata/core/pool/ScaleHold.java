package dev.strata.core.pool;

/**
 * A gate's wish that the pool stays as large as it is.
 *
 * @param kind which way it may not go
 * @param note why, for people
 */
public record ScaleHold(Kind kind, String note) {
  /** Which way. */
  public enum Kind {
    UP,
    DOWN
  }
}

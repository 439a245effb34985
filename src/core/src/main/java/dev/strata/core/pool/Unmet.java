package dev.strata.core.pool;

/**
 * An agent that is wanted and found no spare.
 *
 * @param ordinal of its identity
 * @param epoch of its identity as it is now
 * @param why it is wanted
 */
public record Unmet(int ordinal, long epoch, Reason why) {}

package dev.strata.core.pool;

import java.time.Instant;

/**
 * An eviction that a pool has paid for: noted before it is done, so that nobody pays twice.
 *
 * @param pod UID of the pod
 */
public record Spent(String pod, Instant at) {}

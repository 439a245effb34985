package dev.strata.core.pool;

import java.time.Duration;

/**
 * What the user asks of the pool.
 *
 * @param replicas active agents wanted, 0 to 1000
 * @param spares spares wanted beside them
 * @param silence an active agent without heartbeat for so long is replaced
 * @param drain how long an agent may finish what it has
 * @param maxUnavailable active agents that an update may take away at a time, at least 1
 * @param maxStartFailures starts of a revision that may fail in a row before the breaker opens, at
 *     least 1
 * @param backoff wait after the first failed start, doubled for each further one
 * @param maxBackoff upper bound of that wait, and the wait between tries while the breaker is open
 * @param staysOnLostNodes its pods tolerate nodes that are not ready: one that was bound to such a
 *     node is waited for, because another one might be bound there again
 */
public record PoolPolicy(
    int replicas,
    int spares,
    Duration silence,
    Duration drain,
    int maxUnavailable,
    int maxStartFailures,
    Duration backoff,
    Duration maxBackoff,
    boolean staysOnLostNodes) {}

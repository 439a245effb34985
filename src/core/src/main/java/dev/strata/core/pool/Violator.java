package dev.strata.core.pool;

/**
 * An agent that misses a target by itself, and that a gate would have evicted for it.
 *
 * @param pod UID of its pod
 * @param gate name of the gate
 * @param objective name of the target
 * @param evidence what it measures, for people
 * @param limits the gate's
 */
public record Violator(
    String pod, String gate, String objective, String evidence, EvictionLimits limits) {}

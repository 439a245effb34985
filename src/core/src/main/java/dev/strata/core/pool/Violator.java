package dev.strata.core.pool;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An agent that misses a target by itself, and that a gate would have taken away for it.
 *
 * @param pod UID of its pod
 * @param gate name of the gate
 * @param objective name of the target
 * @param evidence what it measures, for people
 * @param limits the gate's
 * @param quarantine how long it is kept without work; null: it is evicted
 */
public record Violator(
    String pod,
    String gate,
    String objective,
    String evidence,
    EvictionLimits limits,
    @Nullable Duration quarantine) {}

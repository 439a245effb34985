package dev.strata.core.pool;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the last heartbeat of a pod said.
 *
 * @param age time since it was received, by the receiver's monotonic clock
 * @param role what the agent believes it is
 * @param identity the identity it holds; null while spare
 * @param epoch epoch of that identity
 * @param inFlight tasks being executed
 */
public record Pulse(
    Duration age, PodRole role, @Nullable String identity, long epoch, int inFlight) {
  /** Whether a draining agent has nothing left to finish. */
  boolean drained() {
    return role == PodRole.DRAINING && inFlight == 0;
  }
}

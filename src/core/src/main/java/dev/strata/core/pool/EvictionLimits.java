package dev.strata.core.pool;

import java.time.Duration;

/**
 * How much a gate may break in a pool. What is counted against it is counted of the whole pool,
 * whichever gate asked for it.
 *
 * @param most so many violators at once are believed, as a number of agents or, when {@code
 *     percent}, as a share of the pool's; more look like a fault of what is measured or of what all
 *     of them share
 * @param cooldown from one eviction to the next
 * @param perHour evictions in any hour
 */
public record EvictionLimits(int most, boolean percent, Duration cooldown, int perHour) {
  private static final int HUNDRED = 100;

  public EvictionLimits {
    if (most < 1 || perHour < 1 || cooldown.isNegative()) {
      throw new IllegalArgumentException(
          "at least 1 violator and 1 eviction an hour, and no negative cooldown");
    }
  }

  /** How many violators among so many agents are believed; a share is rounded down. */
  int most(int agents) {
    return percent ? agents * most / HUNDRED : most;
  }
}

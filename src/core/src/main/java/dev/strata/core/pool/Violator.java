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
 * @param contested whether another gate would take it away by the same signal: then neither does,
 *     but it counts among those who violate at once
 */
public record Violator(
    String pod,
    String gate,
    String objective,
    String evidence,
    EvictionLimits limits,
    @Nullable Duration quarantine,
    boolean contested) {

  /** One that no other gate would take away. */
  public Violator(
      String pod,
      String gate,
      String objective,
      String evidence,
      EvictionLimits limits,
      @Nullable Duration quarantine) {
    this(pod, gate, objective, evidence, limits, quarantine, false);
  }

  /** The same one, which another gate would take away, too. */
  public Violator contest() {
    return new Violator(pod, gate, objective, evidence, limits, quarantine, true);
  }
}

package dev.strata.core.pool;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pod of the pool as observed.
 *
 * @param name its name
 * @param uid its UID, which identities are bound to
 * @param node where it is bound; null while it is not
 * @param nodeReady false when the node's Ready condition is not True, or the node is gone
 * @param role the role label
 * @param identity the identity label; null when it has none
 * @param epoch the epoch label; 0 when it has none
 * @param revision the template revision that it was made from
 * @param phase where it is in its life
 * @param ready the pod's Ready condition
 * @param terminating whether it has a deletion timestamp
 * @param createdAt when the API accepted it
 * @param startedAt when the agent's container started; null when it did not
 * @param finishedAt when the agent's container ended; null when it did not
 * @param drainSince when it was asked to drain; null when it was not
 * @param quarantinedUntil until when it is kept without work; null when it is not quarantined
 * @param trouble why it does not start or why it ended; null when there is nothing to say
 * @param pulse its last heartbeat that the operator received; null when none was
 */
public record PodView(
    String name,
    String uid,
    @Nullable String node,
    boolean nodeReady,
    PodRole role,
    @Nullable String identity,
    long epoch,
    String revision,
    Phase phase,
    boolean ready,
    boolean terminating,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant drainSince,
    @Nullable Instant quarantinedUntil,
    @Nullable Trouble trouble,
    @Nullable Pulse pulse) {

  /** By then the kubelet has found an agent ready, or its probe does not get through. */
  private static final Duration PROBED = Duration.ofSeconds(10);

  /**
   * Whether Services and disruption budgets count it. They go by the kubelet, which the agent's
   * first heartbeat is a second ahead of.
   */
  boolean serves(Instant now) {
    return ready || (startedAt != null && startedAt.plus(PROBED).isBefore(now));
  }

  /** Whether the API itself says that the agent in it is over. */
  boolean over() {
    return terminating || phase == Phase.FAILED || phase == Phase.SUCCEEDED;
  }

  /** Whether it was asked to finish what it has. */
  boolean leaves() {
    return role == PodRole.DRAINING || role == PodRole.QUARANTINED;
  }

  PodRef ref() {
    return new PodRef(name, uid, node);
  }
}

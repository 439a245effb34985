package dev.strata.core.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pool at one moment: everything a decision may look at.
 *
 * @param pool name of the pool
 * @param uid its UID
 * @param policy what the user wants
 * @param revision the template revision that new pods are made from
 * @param pods all pods of the pool, in no order
 * @param identities all identity Leases of the pool, in no order
 * @param listening for how long heartbeats could have been heard without a break: the own
 *     connection stood and the own ticks came. Silence is evidence only within it
 * @param refusal the last refused creation; null when there is none or it was long ago
 * @param refillTokens spares that may be created now
 * @param sinceActivation time since the last activation in this pool; refilling yields to a burst
 * @param now one reading of the clock
 */
public record PoolView(
    String pool,
    String uid,
    PoolPolicy policy,
    String revision,
    List<PodView> pods,
    List<IdentityView> identities,
    Duration listening,
    @Nullable Refusal refusal,
    int refillTokens,
    Duration sinceActivation,
    Instant now) {

  public PoolView {
    pods = List.copyOf(pods);
    identities = List.copyOf(identities);
  }

  /** The name of an identity of this pool. */
  public String identity(int ordinal) {
    return pool + "-" + ordinal;
  }

  /** Whether a pod was made from the current template. */
  boolean current(PodView pod) {
    return pod.revision().equals(revision);
  }
}

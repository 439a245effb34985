package dev.strata.core.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
 * @param holds what gates hold at the moment
 * @param violators agents that gates would have evicted, the worst of each first
 * @param spent evictions of the last hour and longer, in no order
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
    List<PoolHold> holds,
    List<Violator> violators,
    List<Spent> spent,
    Instant now) {

  public PoolView {
    pods = List.copyOf(pods);
    identities = List.copyOf(identities);
    holds = List.copyOf(holds);
    violators = List.copyOf(violators);
    spent = List.copyOf(spent);
  }

  /** Active agents to aim at: what the user wants, unless a gate holds the pool as it is. */
  int replicas() {
    int wanted = policy.replicas();
    int there = (int) identities.stream().filter(i -> i.holder() != null).count();
    // A pool without agents has nothing to be held at.
    boolean held =
        wanted > there && there > 0
            ? holds(PoolHold.Kind.UP)
            : wanted < there && holds(PoolHold.Kind.DOWN);
    return held ? there : wanted;
  }

  /** Spares to aim at; of gates that want more of them the one that wants the most counts. */
  int spares() {
    return policy.spares() + holds.stream().mapToInt(PoolHold::spares).max().orElse(0);
  }

  private boolean holds(PoolHold.Kind kind) {
    return hold(kind).isPresent();
  }

  /** Who holds something of that kind; the first one. */
  Optional<PoolHold> hold(PoolHold.Kind kind) {
    return holds.stream().filter(h -> h.kind() == kind).findFirst();
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

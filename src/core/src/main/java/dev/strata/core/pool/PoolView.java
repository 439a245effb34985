package dev.strata.core.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
 * @param heldAt how many agents the plan before this one aimed at, if gates held the size of the
 *     pool then; null else
 * @param violators agents that gates would have evicted, the worst of each first
 * @param affected UIDs of all pods that seem to miss what gates would evict for; more than those
 *     that are to go
 * @param spent evictions of the last hour and longer, in no order; known while there are violators,
 *     and while a pod that was evicted may be on its way out
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
    @Nullable Integer heldAt,
    List<Violator> violators,
    Set<String> affected,
    List<Spent> spent,
    Instant now) {

  public PoolView {
    pods = List.copyOf(pods);
    identities = List.copyOf(identities);
    holds = List.copyOf(holds);
    violators = List.copyOf(violators);
    affected = Set.copyOf(affected);
    spent = List.copyOf(spent);
  }

  /**
   * Active agents to aim at: what the user wants, unless a gate holds the pool at what it has.
   * While it is held it aims at the same number: agents that come and go, in a rollout or instead
   * of lost ones, neither add to it nor take from it.
   */
  int replicas() {
    int wanted = policy.replicas();
    if (!holdsSize()) {
      return wanted;
    }
    Leaving leaving = leaving();
    int there = (int) identities.stream().filter(i -> i.holder() != null).count();
    int least = heldAt != null ? heldAt : there - leaving.all();
    int most = heldAt != null ? heldAt : there - leaving.surplus();
    // A pool without agents has nothing to be held at.
    if (wanted > most && most > 0 && holds(PoolHold.Kind.UP)) {
      return most;
    }
    return wanted < least && holds(PoolHold.Kind.DOWN) ? least : wanted;
  }

  /** Whether gates hold the number of agents, in one direction or both. */
  public boolean holdsSize() {
    return holds(PoolHold.Kind.UP) || holds(PoolHold.Kind.DOWN);
  }

  /**
   * Holders of identities that finish what they have.
   *
   * @param surplus those that nobody replaces, because the pool was to be smaller
   */
  private record Leaving(int all, int surplus) {}

  private Leaving leaving() {
    Set<String> holders = new HashSet<>();
    identities.forEach(i -> holders.add(String.valueOf(i.holder())));
    List<PodView> leaving =
        pods.stream().filter(p -> p.leaves() && holders.contains(p.uid())).toList();
    int replaced =
        (int) leaving.stream().filter(p -> p.role() == PodRole.QUARANTINED || !current(p)).count();
    return new Leaving(leaving.size(), leaving.size() - replaced);
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
    return holds.stream()
        .filter(h -> h.kind() == kind || h.kind() == PoolHold.Kind.ALL)
        .findFirst();
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

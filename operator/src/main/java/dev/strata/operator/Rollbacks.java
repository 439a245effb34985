package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.core.gate.Verdict;
import dev.strata.core.pool.PoolFacts;
import dev.strata.core.pool.TemplateHistory;
import dev.strata.operator.gate.Enforcement;
import dev.strata.operator.gate.GateBoard;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes templates back for gates that ask for it, and remembers which ones kept their promises. The
 * user's spec is left as it is: what is in force instead is said by the condition RolledBack.
 */
final class Rollbacks {
  private final PoolGround ground;
  private final GateBoard gates;
  private final Clock clock;

  /** Since when a pool stands on one template alone, by UID. */
  private final Map<String, Alone> alone = new ConcurrentHashMap<>();

  private record Alone(String revision, Instant since) {}

  Rollbacks(PoolGround ground, GateBoard gates, Clock clock) {
    this.ground = ground;
    this.gates = gates;
    this.clock = clock;
  }

  void forget(String poolUid) {
    alone.remove(poolUid);
  }

  /**
   * Takes the newest template back if a gate asks for it and it is the newest one's fault.
   *
   * @return whether it did, so that another one is in force now
   */
  boolean takeBack(AgentPool pool, PoolGround.Standing now, List<Pod> pods) {
    String uid = pool.getMetadata().getUid();
    TemplateHistory history = now.templates().history();
    Optional<Enforcement.Wish> wish = gates.enforcement().rollbacks(uid).stream().findFirst();
    if (wish.isEmpty()) {
      gates.enforcement().ruledRollback(uid, null);
      return false;
    }
    var refusal =
        history.refusal(
            wish.get().since(), Revisions.inUse(pods).contains(history.newest().hash()));
    gates.enforcement().ruledRollback(uid, refusal.orElse(null));
    if (refusal.isPresent()) {
      return false;
    }
    String why =
        "gate %s: %s, %s"
            .formatted(wish.get().gate(), wish.get().objective(), wish.get().evidence());
    ground.takeBack(pool, now, why);
    gates
        .enforcement()
        .tookAway(
            uid,
            wish.get().gate(),
            new Enforcement.Deed(
                "Rollback",
                wish.get().objective(),
                "template %s: %s".formatted(history.newest().hash(), wish.get().evidence()),
                "RolledBack"));
    return true;
  }

  /**
   * Notes a template that keeps its promises: all gates were satisfied while the pool stood on it
   * alone for as long as they look back.
   */
  void remember(AgentPool pool, PoolGround.Standing now, PoolFacts facts) {
    String uid = pool.getMetadata().getUid();
    TemplateHistory.Kept inForce = now.templates().history().inForce();
    Optional<Duration> span = gates.enforcement().rollsBackBy(uid);
    boolean whole =
        facts.desired() > 0
            && facts.ready() == facts.desired()
            && facts.updated() == facts.desired()
            && facts.active() == facts.desired()
            && facts.draining() == 0;
    boolean good = gates.verdict(uid).map(said -> said.status() == Verdict.Met).orElse(false);
    if (span.isEmpty() || inForce.satisfied() || !whole || !good) {
      alone.remove(uid);
      return;
    }
    Instant at = clock.instant();
    Alone since =
        alone.compute(
            uid,
            (key, before) ->
                before != null && before.revision().equals(inForce.hash())
                    ? before
                    : new Alone(inForce.hash(), at));
    if (!since.since().plus(span.get()).isAfter(at)) {
      ground.satisfied(pool, now);
    }
  }
}

package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.api.v1alpha1.AgentPoolStatus;
import dev.strata.api.v1alpha1.Condition;
import dev.strata.api.v1alpha1.RecoveryStatus;
import dev.strata.api.v1alpha1.SpawnStatus;
import dev.strata.core.pool.Action;
import dev.strata.core.pool.PoolConditions;
import dev.strata.core.pool.PoolFacts;
import dev.strata.core.pool.Reason;
import dev.strata.operator.gate.GateBoard;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One status a reconcile, written only when it differs from the last one written. While agents are
 * on their way it waits for them a little, so a spawn costs one status and not three.
 */
final class PoolReporter {
  /** Counts that move are written at most this often. */
  private static final Duration PACE = Duration.ofSeconds(3);

  /** How long a report waits for agents that are on their way. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private static final Duration CACHE_LAG = Duration.ofSeconds(5);

  private static final String ROLLED_BACK = "RolledBack";
  private static final String VERIFIER_MISSING = "VerifierMissing";
  private static final String NOT_SERVED = "NotServed";

  /** Conditions that are there only while something is wrong; each is told of once. */
  private static final Set<String> TROUBLES =
      Set.of("Stalled", "CreationBlocked", "RecoverySuspended", ROLLED_BACK, VERIFIER_MISSING);

  private final SpawnLedger ledger;
  private final Narrator narrator;
  private final GateBoard gates;
  private final Verifiers verifiers;
  private final Clock clock;
  private final Map<String, Written> written = new ConcurrentHashMap<>();

  private record Written(AgentPoolStatus status, long nanos) {}

  PoolReporter(
      SpawnLedger ledger, Narrator narrator, GateBoard gates, Verifiers verifiers, Clock clock) {
    this.ledger = ledger;
    this.narrator = narrator;
    this.gates = gates;
    this.verifiers = verifiers;
    this.clock = clock;
  }

  UpdateControl<AgentPool> report(AgentPool pool, PoolGround.Standing ground, Done done) {
    String uid = pool.getMetadata().getUid();
    Written last = written.get(uid);
    AgentPoolStatus before = last == null || old(last) ? pool.getStatus() : last.status();
    AgentPoolStatus now = status(pool, before, ground, done);
    Duration again = done.incomplete() ? Duration.ofMillis(50) : done.plan().again();
    if (now.equals(before)) {
      return UpdateControl.<AgentPool>noUpdate().rescheduleAfter(again);
    }
    if (before != null && activated(done)) {
      // The facts are older than what was just done: the agents' first heartbeats bring newer ones.
      return UpdateControl.<AgentPool>noUpdate().rescheduleAfter(PATIENCE);
    }
    Duration wait = wait(uid, last, before, now);
    if (wait.isPositive()) {
      return UpdateControl.<AgentPool>noUpdate()
          .rescheduleAfter(wait.compareTo(again) < 0 ? wait : again);
    }
    written.put(uid, new Written(now, System.nanoTime()));
    tellOfTroubles(pool, before, now);
    return UpdateControl.patchStatus(with(pool, now)).rescheduleAfter(again);
  }

  /**
   * What is said of a pool whose reconcile failed. One that was served before keeps its status: its
   * agents are no less ready because the messaging engine is away. Our own last report may not have
   * arrived.
   */
  ErrorStatusUpdateControl<AgentPool> unserved(AgentPool pool, String why) {
    forget(pool.getMetadata().getUid());
    AgentPoolStatus before = pool.getStatus();
    if (before != null && before.observedGeneration() != null) {
      return ErrorStatusUpdateControl.noStatusUpdate();
    }
    var now =
        new AgentPoolStatus(
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            List.of(
                condition(pool, before, "Ready", "False", NOT_SERVED, why),
                condition(pool, before, "CreationBlocked", "True", NOT_SERVED, why)));
    if (now.equals(before)) {
      return ErrorStatusUpdateControl.noStatusUpdate();
    }
    tellOfTroubles(pool, before, now);
    return ErrorStatusUpdateControl.patchStatus(with(pool, now));
  }

  /** The next report is compared with what the API server has. */
  void forget(String uid) {
    written.remove(uid);
  }

  /**
   * A pool with nothing but this status. Its UID makes the patch fail for another pool of the same
   * name; with a version it would fail on our own last report.
   */
  private static AgentPool with(AgentPool pool, AgentPoolStatus status) {
    var fresh = new AgentPool();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(pool.getMetadata().getName())
            .withNamespace(pool.getMetadata().getNamespace())
            .withUid(pool.getMetadata().getUid())
            .build());
    fresh.setStatus(status);
    return fresh;
  }

  private static boolean activated(Done done) {
    return done.carriedOut().stream().anyMatch(Action.Activate.class::isInstance);
  }

  private Duration wait(
      String uid, @Nullable Written last, @Nullable AgentPoolStatus before, AgentPoolStatus now) {
    if (last == null || before == null) {
      return Duration.ZERO;
    }
    Duration underWay = ledger.underWayFor(uid);
    if (underWay.isPositive() && underWay.compareTo(PATIENCE) < 0) {
      return PATIENCE.minus(underWay);
    }
    return urgent(before, now)
        ? Duration.ZERO
        : PACE.minus(Duration.ofNanos(System.nanoTime() - last.nanos()));
  }

  private void tellOfTroubles(
      AgentPool pool, @Nullable AgentPoolStatus before, AgentPoolStatus now) {
    for (Condition trouble : now.conditions()) {
      boolean known =
          before != null
              && before.conditions().stream()
                  .anyMatch(
                      c -> c.type().equals(trouble.type()) && c.reason().equals(trouble.reason()));
      if (TROUBLES.contains(trouble.type()) && !known) {
        narrator.tell(pool, "Report", trouble.reason(), true, trouble.message());
      }
    }
  }

  /** By then the cache shows our write, or it never arrived. */
  private static boolean old(Written written) {
    return System.nanoTime() - written.nanos() > CACHE_LAG.toNanos();
  }

  /** Whether something changed that somebody may wait for. */
  private static boolean urgent(AgentPoolStatus before, AgentPoolStatus now) {
    return !Objects.equals(before.observedGeneration(), now.observedGeneration())
        || !states(before).equals(states(now));
  }

  private static List<String> states(AgentPoolStatus status) {
    return status.conditions().stream()
        .filter(c -> !c.type().equals("SparesReady"))
        .map(c -> c.type() + c.status() + c.reason())
        .toList();
  }

  private AgentPoolStatus status(
      AgentPool pool, @Nullable AgentPoolStatus before, PoolGround.Standing ground, Done done) {
    PoolFacts facts = done.plan().facts();
    String uid = pool.getMetadata().getUid();
    SpawnStatus spawns = ledger.spawns(uid);
    RecoveryStatus recoveries = ledger.recoveries(uid);
    return new AgentPoolStatus(
        pool.getMetadata().getGeneration(),
        facts.active(),
        facts.ready(),
        facts.spares(),
        facts.starting(),
        facts.draining(),
        facts.failed(),
        Names.activeSelector(pool.getMetadata().getName()),
        ground.revision(),
        facts.updated(),
        spawns != null || before == null ? spawns : before.spawn(),
        recoveries != null || before == null ? recoveries : before.recovery(),
        decision(done, before),
        conditions(pool, before, ground, done));
  }

  /** The last thing that was done for a reason that people ask about. */
  private static @Nullable String decision(Done done, @Nullable AgentPoolStatus before) {
    return done.carriedOut().stream()
        .filter(
            a ->
                !(a instanceof Action.Relabel)
                    && a.changes()
                    && !(a instanceof Action.Create)
                    && !(a instanceof Action.Retire))
        .reduce((first, second) -> second)
        .map(a -> a.why() + ": " + a.sentence())
        .orElse(before == null ? null : before.decision());
  }

  private List<Condition> conditions(
      AgentPool pool, @Nullable AgentPoolStatus before, PoolGround.Standing ground, Done done) {
    List<Condition> conditions = new ArrayList<>();
    for (PoolConditions.Verdict verdict : PoolConditions.judge(done.plan())) {
      String status = verdict.holds() ? "True" : "False";
      conditions.add(
          condition(pool, before, verdict.type(), status, verdict.reason(), verdict.message()));
    }
    String takenBack = ground.templates().why();
    if (takenBack != null) {
      conditions.add(
          condition(
              pool,
              before,
              ROLLED_BACK,
              "True",
              Reason.TargetMissed.name(),
              "agents are made from template %s instead of %s: %s. Change spec.agent or spec.template"
                  .formatted(
                      ground.revision(), ground.templates().history().newest().hash(), takenBack)));
    }
    verifiers
        .missing(pool)
        .map(why -> condition(pool, before, VERIFIER_MISSING, "True", "NoVerifier", why))
        .ifPresent(conditions::add);
    gates(pool, before).ifPresent(conditions::add);
    return conditions;
  }

  /** What was said before an operator began stays until it has looked at all gates. */
  private Optional<Condition> gates(AgentPool pool, @Nullable AgentPoolStatus before) {
    Optional<Condition> old =
        before == null
            ? Optional.empty()
            : before.conditions().stream()
                .filter(c -> c.type().equals(GateBoard.POOL_CONDITION))
                .findFirst();
    if (old.isPresent()
        && !gates.complete(pool.getMetadata().getNamespace(), pool.getMetadata().getName())) {
      return old;
    }
    return gates
        .verdict(pool.getMetadata().getUid())
        .map(
            s ->
                condition(
                    pool, before, s.type(), GateBoard.status(s.status()), s.reason(), s.message()));
  }

  private Condition condition(
      AgentPool pool,
      @Nullable AgentPoolStatus before,
      String type,
      String status,
      String reason,
      String message) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    String since =
        Condition.since(before == null ? List.of() : before.conditions(), type, status, now);
    return new Condition(type, status, reason, message, since, pool.getMetadata().getGeneration());
  }
}

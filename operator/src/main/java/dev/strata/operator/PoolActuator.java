package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.core.pool.Action;
import dev.strata.core.pool.Plan;
import dev.strata.core.pool.PodRef;
import dev.strata.core.pool.Reason;
import dev.strata.core.pool.Refusal;
import dev.strata.operator.gate.Enforcement;
import dev.strata.operator.gate.GateBoard;
import dev.strata.protocol.Role;
import dev.strata.protocol.nats.PodUser;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Carries plans out. Every change names the UID and the resource version that it was decided on, so
 * a deposed leader or a stale plan changes nothing. What is refused or raced is reported as failed
 * and planned again from what is then seen.
 */
final class PoolActuator {
  private static final Logger LOG = Logger.getLogger("dev.strata.actions");
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration REFUSED_FOR = Duration.ofSeconds(20);
  private static final int UNPROCESSABLE = 422;

  private final Creator creator;
  private final GuardedWrites writes;
  private final PodBlueprint blueprint;
  private final Mint mint;
  private final Verifiers verifiers;
  private final Identities identities;
  private final PodLabels labels;
  private final WantedStates wanted;
  private final OwnWrites<Pod> pods;
  private final Pacing pacing;
  private final GateBoard gates;
  private final SpawnLedger ledger;
  private final Evictor evictor;
  private final ExecutorService executor;
  private final Clock clock;

  PoolActuator(
      KubernetesClient client,
      Creator creator,
      PodBlueprint blueprint,
      Mint mint,
      Verifiers verifiers,
      WantedStates wanted,
      OwnWrites<Pod> pods,
      OwnWrites<Lease> leases,
      Pacing pacing,
      GateBoard gates,
      SpawnLedger ledger,
      Evictor evictor,
      ExecutorService executor,
      Clock clock) {
    this.creator = creator;
    this.writes = new GuardedWrites(client);
    this.blueprint = blueprint;
    this.mint = mint;
    this.verifiers = verifiers;
    this.identities = new Identities(client, leases, clock);
    this.labels = new PodLabels(writes, pods);
    this.wanted = wanted;
    this.pods = pods;
    this.pacing = pacing;
    this.gates = gates;
    this.ledger = ledger;
    this.evictor = evictor;
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * Carries out the actions side by side, those that give identities before those that make pods.
   */
  Done carryOut(Basis basis, Plan plan) {
    List<Action> done = new ArrayList<>();
    List<Action> failed = new ArrayList<>();
    run(basis, urgent(plan), done, failed);
    run(basis, plan.actions().stream().filter(a -> !isUrgent(a)).toList(), done, failed);
    return new Done(plan, done, failed);
  }

  private static List<Action> urgent(Plan plan) {
    return plan.actions().stream().filter(PoolActuator::isUrgent).toList();
  }

  private static boolean isUrgent(Action action) {
    return action instanceof Action.Activate || action instanceof Action.Drain;
  }

  private void run(Basis basis, List<Action> actions, List<Action> done, List<Action> failed) {
    record Running(Action action, Future<Boolean> result) {}
    List<Running> running =
        actions.stream().map(a -> new Running(a, executor.submit(attempt(basis, a)))).toList();
    for (Running one : running) {
      (await(one.result()) ? done : failed).add(one.action());
    }
  }

  private static boolean await(Future<Boolean> result) {
    try {
      return result.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("an action ended unexpectedly", e.getCause());
    } catch (TimeoutException e) {
      result.cancel(true);
      return false;
    }
  }

  private Callable<Boolean> attempt(Basis basis, Action action) {
    return () -> {
      try {
        boolean took = act(basis, action);
        if (took && action.changes()) {
          LOG.infof(
              "%s  %s  %s: %s",
              basis.pool().getMetadata().getName(),
              action.getClass().getSimpleName(),
              action.why(),
              action.sentence());
        }
        return took;
      } catch (KubernetesClientException e) {
        return refused(basis.pool(), action, e);
      }
    };
  }

  private boolean act(Basis basis, Action action) {
    return switch (action) {
      case Action.Activate activate -> activate(basis, activate);
      case Action.Create create -> create(basis, create);
      case Action.Drain drain -> drain(basis, drain);
      case Action.Retire retire -> retire(basis, retire);
      case Action.Release release ->
          identities.release(basis.leases(), release.ordinal(), release.holder(), release.epoch());
      case Action.Relabel relabel ->
          basis
              .pod(relabel.pod())
              .map(pod -> labels.active(pod, relabel.identity(), relabel.epoch()))
              .orElse(false);
      case Action.Evict evict -> evict(basis, evict);
      case Action.Quarantine quarantine -> quarantine(basis, quarantine);
      case Action.Hold hold -> true;
      case Action.Forgo forgo -> true;
    };
  }

  private boolean activate(Basis basis, Action.Activate action) {
    var spare = basis.pod(action.spare());
    Optional<Lease> won = Optional.empty();
    try {
      won =
          spare.isEmpty()
              ? won
              : identities.assign(
                  basis.pool(),
                  basis.leases(),
                  action.ordinal(),
                  action.epoch(),
                  action.spare().uid());
    } finally {
      if (won.isEmpty()) {
        ledger.refused(basis.poolUid(), action.ordinal());
      }
    }
    won.ifPresent(lease -> tell(basis, action, spare.orElseThrow(), lease));
    return won.isPresent();
  }

  /** Lease first: only who won it is told, and labelled. Message and label go side by side. */
  private void tell(Basis basis, Action.Activate action, Pod spare, Lease won) {
    ledger.allocated(basis.poolUid(), action.ordinal());
    String identity = won.getMetadata().getName();
    long epoch = won.getSpec().getLeaseTransitions();
    pacing.activated(basis.poolUid());
    Future<Boolean> labelled = executor.submit(() -> labels.active(spare, identity, epoch));
    wanted.send(
        basis.poolUid(),
        action.spare().name(),
        action.spare().uid(),
        Role.ACTIVE,
        identity,
        epoch,
        action.why().name());
    PodRef from = action.from();
    if (from != null) {
      wanted.send(
          basis.poolUid(), from.name(), from.uid(), Role.FENCED, null, 0, action.why().name());
    }
    try {
      // A label that did not get through is repaired from the Lease later.
      var unused = labelled.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warnf("%s got its identity but not its label yet: %s", action.spare(), e.getMessage());
    }
  }

  private boolean create(Basis basis, Action.Create action) {
    AgentPool pool = basis.ground().templates().inForce(basis.pool());
    String verifier = verifiers.of(pool);
    PodUser user = mint.first(basis.poolUid(), action.name(), verifier, basis.ground().sealKey());
    Pod made =
        creator.createListed(
            blueprint.pod(pool, action.name(), basis.ground().revision(), verifier, user),
            basis.poolUid());
    pods.wrote(made);
    if (action.why() == Reason.WarmRefill) {
      pacing.refilled(basis.poolUid(), 1);
    }
    return true;
  }

  /** A refusal is no failure: it is said at the gate, and asked again later. */
  private boolean evict(Basis basis, Action.Evict action) {
    var pod = basis.pod(action.pod());
    Evictor.Outcome outcome =
        pod.isEmpty()
            ? Evictor.Outcome.Outdated
            : evictor.evict(basis.pool(), pod.get(), action, basis.spent());
    switch (outcome) {
      case Evicted ->
          gates
              .enforcement()
              .tookAway(
                  basis.poolUid(),
                  action.gate(),
                  new Enforcement.Deed(
                      "Evict", action.objective(), evidence(action), outcome.name()));
      case DisruptionBudget ->
          gates
              .enforcement()
              .refused(
                  basis.poolUid(),
                  action.gate(),
                  outcome.name(),
                  "a PodDisruptionBudget does not allow the eviction of %s now"
                      .formatted(action.pod().name()));
      case NoPermission ->
          gates
              .enforcement()
              .refused(
                  basis.poolUid(),
                  action.gate(),
                  outcome.name(),
                  "the operator has no right to create pods/eviction: set rbac.evictions of its chart"
                      + " to true, or take Evict out of spec.enforcement");
      case EvictionFailed ->
          gates
              .enforcement()
              .refused(
                  basis.poolUid(),
                  action.gate(),
                  outcome.name(),
                  "the API server failed at the eviction of %s, as it does when two PodDisruptionBudgets select one pod; it is tried again every 10 s, and the operator's log has the answer"
                      .formatted(action.pod().name()));
      case Outdated -> {}
    }
    return outcome == Evictor.Outcome.Evicted;
  }

  private static String evidence(Action.Evict action) {
    return action.pod().name() + ": " + action.evidence();
  }

  private boolean quarantine(Basis basis, Action.Quarantine action) {
    var pod = basis.pod(action.pod());
    boolean done =
        pod.isPresent()
            && evictor.pay(basis.pool(), pod.get(), action.paid(), basis.spent())
            && labels.quarantined(pod.get(), clock.instant(), action.until(), action.note());
    if (done) {
      wanted.send(
          basis.poolUid(),
          action.pod().name(),
          action.pod().uid(),
          Role.DRAINING,
          null,
          0,
          action.why().name());
      gates
          .enforcement()
          .tookAway(
              basis.poolUid(),
              action.gate(),
              new Enforcement.Deed(
                  "Quarantine",
                  action.objective(),
                  action.pod().name() + ": " + action.evidence(),
                  "Quarantined"));
    }
    return done;
  }

  private boolean drain(Basis basis, Action.Drain action) {
    var pod = basis.pod(action.pod());
    if (pod.isEmpty() || !labels.draining(pod.get(), clock.instant())) {
      return false;
    }
    wanted.send(
        basis.poolUid(),
        action.pod().name(),
        action.pod().uid(),
        Role.DRAINING,
        null,
        0,
        action.why().name());
    return true;
  }

  private boolean retire(Basis basis, Action.Retire action) {
    if (pods.isDeleted(action.pod().uid()) && !action.force()) {
      return true;
    }
    var pod = basis.pod(action.pod());
    if (pod.isPresent() && !writes.delete(pod.get(), action.force())) {
      return false;
    }
    pods.deleted(action.pod().uid());
    return true;
  }

  /**
   * Refused creations are remembered, so that they are not repeated at once; races are simply
   * planned again.
   */
  private boolean refused(AgentPool pool, Action action, KubernetesClientException e) {
    if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
      LOG.debugf("raced: %s", action.sentence());
      return false;
    }
    if (action instanceof Action.Create
        && (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN || e.getCode() == UNPROCESSABLE)) {
      String message =
          e.getStatus() == null ? String.valueOf(e.getMessage()) : e.getStatus().getMessage();
      pacing.refused(
          pool.getMetadata().getUid(),
          new Refusal(refusal(message), message, clock.instant().plus(REFUSED_FOR)),
          pool.getMetadata().getGeneration());
      return false;
    }
    LOG.warnf("%s  %s failed: %s", pool.getMetadata().getName(), action.sentence(), e.getMessage());
    return false;
  }

  private static Reason refusal(String message) {
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("exceeded quota") || lower.contains("failed quota")) {
      return Reason.QuotaExceeded;
    }
    return lower.contains("per container")
            || lower.contains("per pod")
            || lower.contains("usage per")
        ? Reason.LimitRange
        : Reason.Forbidden;
  }
}

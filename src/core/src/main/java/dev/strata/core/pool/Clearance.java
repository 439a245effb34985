package dev.strata.core.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is left to clear away: drained agents, ended pods, pods that lost their identity, labels
 * that lag behind.
 */
final class Clearance {
  /** A node that is not ready may only be new to us. */
  private static final Duration NODE_SETTLES = Duration.ofSeconds(5);

  private final PoolView view;
  private final Roster roster;
  private final StartFailures failures;
  private final Draft draft;

  Clearance(PoolView view, Roster roster, StartFailures failures, Draft draft) {
    this.view = view;
    this.roster = roster;
    this.failures = failures;
    this.draft = draft;
  }

  /** Drained agents, ended pods, pods that lost their identity, pods that do not start. */
  void clearAway() {
    Map<String, IdentityView> held = new HashMap<>();
    view.identities().forEach(i -> held.put(i.holder() == null ? "" : i.holder(), i));
    for (PodView pod : roster.draining()) {
      finishDrain(pod, held.get(pod.uid()));
    }
    for (PodView pod : roster.quarantined()) {
      Instant until = pod.quarantinedUntil();
      if (until == null || !until.isAfter(view.now())) {
        draft.retire(pod, Reason.QuarantineOver, "it was kept to be looked at for long enough");
      }
    }
    for (PodView pod : failures.forgotten()) {
      draft.retire(pod, Reason.Recovered, "it ended and is not needed as evidence");
    }
    for (PodView pod : roster.superseded()) {
      draft.retire(pod, Reason.Superseded, "its identity belongs to another pod");
    }
    boolean doubted = roster.doubtsSilenceOfSpares();
    for (PodView pod : roster.starting()) {
      if (!pod.nodeReady() && (pod.pulse() != null || neverStarted(pod))) {
        draft.retire(pod, Reason.NodeLost, "node " + pod.node() + " is not ready and it is silent");
      } else if (view.current(pod) && hasHadItsTime(pod)) {
        giveUp(pod, doubted);
      }
    }
    for (PodView pod : roster.over()) {
      if (pod.terminating() && !pod.nodeReady() && pod.node() != null) {
        draft.add(
            new Action.Retire(
                pod.ref(),
                true,
                Reason.StuckTerminating,
                "its node is lost and its identity has moved"));
      }
    }
  }

  private boolean hasHadItsTime(PodView pod) {
    Instant started = pod.startedAt();
    return started != null
        && view.listening().compareTo(Roster.START_LIMIT) > 0
        && started.plus(Roster.START_LIMIT).isBefore(view.now());
  }

  /** A spare that has not come, or one that was there and is not heard any more. */
  private void giveUp(PodView pod, boolean doubted) {
    if (pod.pulse() == null) {
      draft.retire(
          pod,
          Reason.StartTimedOut,
          "it runs but sent no heartbeat for " + Roster.START_LIMIT.toSeconds() + " s");
    } else if (!doubted || pod.pulse().age().compareTo(Roster.START_LIMIT) > 0) {
      draft.retire(
          pod,
          Reason.AgentLost,
          "the spare sent no heartbeat for " + view.policy().silence().toSeconds() + " s");
    }
  }

  /** Nobody runs what was bound to a node at the moment of its death; the pod would wait there. */
  private boolean neverStarted(PodView pod) {
    return !view.policy().staysOnLostNodes()
        && view.listening().compareTo(view.policy().silence()) > 0
        && pod.createdAt().plus(NODE_SETTLES).isBefore(view.now());
  }

  private void finishDrain(PodView pod, @Nullable IdentityView identity) {
    Pulse pulse = pod.pulse();
    Instant since = pod.drainSince() == null ? pod.createdAt() : pod.drainSince();
    boolean drained = pulse != null && pulse.drained();
    boolean late = since.plus(view.policy().drain()).plusSeconds(2).isBefore(view.now());
    if (!drained && !late && !pod.over()) {
      return;
    }
    Reason why = drained || pod.over() ? Reason.Drained : Reason.DrainTimedOut;
    String note =
        why == Reason.Drained
            ? "it has finished what it had"
            : "it did not finish in time; what it had is handed back";
    if (identity != null) {
      draft.release(identity, why, note);
    }
    if (pod.role() != PodRole.QUARANTINED || pod.over()) {
      draft.retire(pod, why, note);
    }
  }

  /**
   * Labels are a projection of the Leases; a write that got lost in between is made up for here.
   */
  void repairLabels() {
    for (Roster.Holder holder : roster.active()) {
      PodView pod = holder.pod();
      String name = view.identity(holder.identity().ordinal());
      if (pod.role() != PodRole.ACTIVE
          || !name.equals(pod.identity())
          || pod.epoch() != holder.identity().epoch()) {
        draft.add(
            new Action.Relabel(pod.ref(), name, holder.identity().epoch(), Reason.LabelRepaired));
      }
    }
  }
}

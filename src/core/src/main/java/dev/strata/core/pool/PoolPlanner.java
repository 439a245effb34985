package dev.strata.core.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to do about one pool. The questions in their order: who is who, who replaces the
 * lost, who is to go, who is to come, what is left to clear away.
 */
public final class PoolPlanner {
  /**
   * While spares are missing after a burst, this long is waited after its last activation before
   * they are refilled.
   */
  static final Duration REFILL_DELAY = Duration.ofMillis(400);

  private static final Duration WHILE_BUSY = Duration.ofSeconds(1);
  private static final Duration WHILE_IDLE = Duration.ofSeconds(60);

  private final PoolView view;
  private final Roster roster;
  private final StartFailures failures;
  private final Creation creation;
  private final SpareQueue spares;
  private final List<Action> actions = new ArrayList<>();
  private final Set<String> retired = new HashSet<>();

  private PoolPlanner(PoolView view) {
    this.view = view;
    this.roster = Roster.of(view);
    this.failures = StartFailures.of(view, roster);
    this.creation = new Creation(view, roster, failures);
    this.spares = new SpareQueue(view, roster);
  }

  /** The plan for this view; the same view gives the same plan. */
  public static Plan plan(PoolView view) {
    return new PoolPlanner(view).plan();
  }

  private Plan plan() {
    int unmet = fillIdentities();
    drainSurplus();
    int rollSpares = roll();
    refill(unmet, rollSpares);
    clearAway();
    repairLabels();
    return new Plan(actions, facts(unmet), again());
  }

  /**
   * Recoveries first, under their identity; then new agents, lowest free ordinal first. Gives how
   * many found no spare.
   */
  private int fillIdentities() {
    if (!roster.suspended().isEmpty()) {
      actions.add(
          new Action.Hold(
              Reason.RecoverySuspended,
              roster.suspended().size()
                  + " agents fell silent at once; they are replaced when their pods or nodes are known to be gone",
              null));
    }
    int wanted = view.policy().replicas() - roster.active().size();
    int unmet = 0;
    for (Roster.Vacancy vacancy : roster.vacant()) {
      if (wanted > 0) {
        wanted--;
        PodRef from = vacancy.pod() == null ? null : vacancy.pod().ref();
        unmet +=
            activate(
                vacancy.identity().ordinal(),
                vacancy.identity().epoch(),
                from,
                vacancy.why(),
                vacancy.note());
      } else {
        release(vacancy.identity(), Reason.ScaledDown, "it is not wanted any more");
      }
    }
    Map<Integer, Long> epochs = new HashMap<>();
    Set<Integer> taken = new HashSet<>();
    for (IdentityView identity : view.identities()) {
      epochs.put(identity.ordinal(), identity.epoch());
      if (identity.holder() != null) {
        taken.add(identity.ordinal());
      }
    }
    for (int ordinal = 0; wanted > 0; ordinal++) {
      if (taken.add(ordinal)) {
        wanted--;
        unmet +=
            activate(
                ordinal,
                epochs.getOrDefault(ordinal, 0L),
                null,
                Reason.ScaledUp,
                "one more agent is wanted");
      }
    }
    return unmet;
  }

  private int activate(int ordinal, long epoch, @Nullable PodRef from, Reason why, String note) {
    var spare = spares.take();
    if (spare.isEmpty()) {
      return 1;
    }
    actions.add(new Action.Activate(ordinal, epoch, spare.get().ref(), from, why, note));
    return 0;
  }

  private void release(IdentityView identity, Reason why, String note) {
    String holder = identity.holder();
    if (holder != null) {
      actions.add(new Action.Release(identity.ordinal(), identity.epoch(), holder, why, note));
    }
  }

  /**
   * Too many agents: the idlest go first, and of equally idle ones those of an old revision, then
   * the highest ordinal.
   */
  private void drainSurplus() {
    int surplus = roster.active().size() - view.policy().replicas();
    if (surplus <= 0) {
      return;
    }
    roster.active().stream()
        .sorted(
            Comparator.comparing((Roster.Holder h) -> inFlight(h.pod()))
                .thenComparing(h -> h.pod().revision().equals(view.revision()))
                .thenComparing(h -> -h.identity().ordinal()))
        .limit(surplus)
        .forEach(
            h ->
                actions.add(
                    new Action.Drain(
                        h.pod().ref(),
                        Reason.ScaledDown,
                        "one agent less is wanted and it is the idlest")));
  }

  /**
   * Replaces agents of an old revision: one is drained for each spare of the new one that waits,
   * never more than maxUnavailable missing at a time. Gives how many spares of the new revision the
   * roll needs.
   */
  private int roll() {
    if (roster.active().size() > view.policy().replicas()) {
      return 0;
    }
    List<Roster.Holder> old =
        roster.active().stream().filter(h -> !h.pod().revision().equals(view.revision())).toList();
    if (old.isEmpty()) {
      return 0;
    }
    int unavailable =
        view.policy().replicas() - (int) roster.active().stream().filter(h -> confirmed(h)).count();
    int budget = view.policy().maxUnavailable() - Math.max(0, unavailable);
    int ready = (int) spares.rest().stream().filter(this::current).count();
    // Where no pod can be made beside the old ones, room is made first.
    int steps =
        creation.obstacle() == null || ready > 0 ? Math.min(budget, ready) : noRoom() ? budget : 0;
    old.stream()
        .sorted(
            Comparator.comparing((Roster.Holder h) -> inFlight(h.pod()))
                .thenComparing(h -> -h.identity().ordinal()))
        .limit(Math.max(0, steps))
        .forEach(
            h ->
                actions.add(
                    new Action.Drain(
                        h.pod().ref(),
                        Reason.Updated,
                        "it has an old template and a new agent takes its place")));
    return Math.min(view.policy().maxUnavailable(), old.size());
  }

  private boolean noRoom() {
    var obstacle = creation.obstacle();
    return obstacle != null
        && switch (obstacle.why()) {
          case Unschedulable, QuotaExceeded -> true;
          default -> false;
        };
  }

  /** Pods for agents that found no spare, then spares. */
  private void refill(int unmet, int rollSpares) {
    int target = Math.max(view.policy().spares(), rollSpares);
    int waiting = (int) spares.rest().stream().filter(this::current).count();
    int missing = Math.max(0, target - waiting);
    boolean burst =
        view.sinceActivation().compareTo(REFILL_DELAY) < 0
            || !actions(Action.Activate.class).isEmpty();
    int now = burst && unmet == 0 ? 0 : missing;
    if (unmet > 0 || missing > 0) {
      var obstacle = creation.obstacle();
      if (obstacle != null) {
        actions.add(obstacle);
      } else {
        actions.addAll(creation.create(unmet, now));
      }
    }
    retireSurplusSpares(target, unmet);
  }

  /**
   * Spares beyond the target: those that do not start first, then old revisions, then the youngest.
   */
  private void retireSurplusSpares(int target, int unmet) {
    List<PodView> rest = spares.rest();
    long ready = rest.stream().filter(this::current).count();
    for (PodView pod : roster.starting()) {
      if (!current(pod)) {
        retire(pod, Reason.Outdated, "it was starting from an old template");
      }
    }
    List<PodView> starting =
        roster.starting().stream()
            .filter(this::current)
            .sorted(
                Comparator.comparing((PodView p) -> p.trouble() == null)
                    .thenComparing(PodView::createdAt, Comparator.reverseOrder()))
            .toList();
    long surplus = ready + starting.size() - target - unmet;
    for (PodView pod : starting) {
      if (surplus-- > 0) {
        retire(pod, Reason.Surplus, "it is not wanted any more");
      }
    }
    int many = rest.size() - target;
    List<PodView> leaving =
        rest.stream()
            .sorted(
                Comparator.comparing(this::current)
                    .thenComparing(PodView::createdAt, Comparator.reverseOrder()))
            .toList();
    for (PodView pod : leaving) {
      if (many-- > 0) {
        retire(
            pod,
            current(pod) ? Reason.Surplus : Reason.Outdated,
            "there are more spares than wanted");
      }
    }
  }

  /** Drained agents, ended pods, pods that lost their identity, pods that do not start. */
  private void clearAway() {
    Map<String, IdentityView> held = new HashMap<>();
    view.identities().forEach(i -> held.put(i.holder() == null ? "" : i.holder(), i));
    for (PodView pod : roster.draining()) {
      finishDrain(pod, held.get(pod.uid()));
    }
    for (PodView pod : failures.forgotten()) {
      retire(pod, Reason.Recovered, "it ended and is not needed as evidence");
    }
    for (PodView pod : roster.superseded()) {
      retire(pod, Reason.Superseded, "its identity belongs to another pod");
    }
    for (PodView pod : roster.starting()) {
      Instant started = pod.startedAt();
      if (pod.pulse() != null && !pod.nodeReady()) {
        retire(pod, Reason.NodeLost, "node " + pod.node() + " is not ready and it is silent");
      } else if (started != null
          && current(pod)
          && view.listening().compareTo(Roster.START_LIMIT) > 0
          && started.plus(Roster.START_LIMIT).isBefore(view.now())) {
        retire(
            pod,
            Reason.StartTimedOut,
            "it runs but sent no heartbeat for " + Roster.START_LIMIT.toSeconds() + " s");
      }
    }
    for (PodView pod : roster.over()) {
      if (pod.terminating() && !pod.nodeReady() && pod.node() != null) {
        actions.add(
            new Action.Retire(
                pod.ref(),
                true,
                Reason.StuckTerminating,
                "its node is lost and its identity has moved"));
      }
    }
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
      release(identity, why, note);
    }
    retire(pod, why, note);
  }

  private void retire(PodView pod, Reason why, String note) {
    if (!pod.terminating() && retired.add(pod.uid())) {
      actions.add(new Action.Retire(pod.ref(), false, why, note));
    }
  }

  /**
   * Labels are a projection of the Leases; a write that got lost in between is made up for here.
   */
  private void repairLabels() {
    for (Roster.Holder holder : roster.active()) {
      PodView pod = holder.pod();
      String name = view.identity(holder.identity().ordinal());
      if (pod.role() != PodRole.ACTIVE
          || !name.equals(pod.identity())
          || pod.epoch() != holder.identity().epoch()) {
        actions.add(
            new Action.Relabel(pod.ref(), name, holder.identity().epoch(), Reason.LabelRepaired));
      }
    }
  }

  private PoolFacts facts(int unmet) {
    var troubles =
        roster.starting().stream()
            .map(PodView::trouble)
            .filter(Objects::nonNull)
            .distinct()
            .sorted(Comparator.comparing(Trouble::reason).thenComparing(Trouble::message))
            .toList();
    return new PoolFacts(
        view.policy().replicas(),
        roster.active().size(),
        (int) roster.active().stream().filter(PoolPlanner::confirmed).count(),
        (int) roster.active().stream().filter(h -> current(h.pod())).count(),
        roster.spares().size(),
        view.policy().spares(),
        roster.starting().size(),
        roster.draining().size(),
        failures.inARow(),
        unmet,
        troubles);
  }

  private Duration again() {
    var until =
        actions.stream()
            .filter(Action.Hold.class::isInstance)
            .map(a -> ((Action.Hold) a).until())
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder());
    Duration wait = actions.isEmpty() && roster.draining().isEmpty() ? WHILE_IDLE : WHILE_BUSY;
    if (view.sinceActivation().compareTo(REFILL_DELAY) < 0) {
      wait = REFILL_DELAY;
    }
    Duration deaf = view.policy().silence().minus(view.listening());
    if (!deaf.isNegative() && deaf.compareTo(wait) < 0) {
      wait = deaf.plusMillis(50);
    }
    if (until.isPresent()) {
      Duration left = Duration.between(view.now(), until.get()).plusMillis(10);
      wait = left.compareTo(WHILE_IDLE) < 0 && left.isPositive() ? left : wait;
    }
    return wait;
  }

  /** Whether the agent itself says that it is active under the identity and epoch of its Lease. */
  private static boolean confirmed(Roster.Holder holder) {
    Pulse pulse = holder.pod().pulse();
    return pulse != null
        && pulse.role() == PodRole.ACTIVE
        && pulse.epoch() == holder.identity().epoch();
  }

  private boolean current(PodView pod) {
    return pod.revision().equals(view.revision());
  }

  private static int inFlight(PodView pod) {
    return pod.pulse() == null ? 0 : pod.pulse().inFlight();
  }

  private <A extends Action> List<A> actions(Class<A> kind) {
    return actions.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}

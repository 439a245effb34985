package dev.strata.core.pool;

import java.time.Duration;
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
  private final Draft draft = new Draft();
  private final List<Unmet> unmet = new ArrayList<>();

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
    fillIdentities();
    var departures = new Departures(view, roster, creation, spares, draft);
    departures.drainSurplus();
    int rollSpares = departures.roll();
    new Evictions(view, roster, spares, draft).evict();
    new SpareStock(view, roster, creation, spares, draft).refill(unmet.size(), rollSpares);
    var clearance = new Clearance(view, roster, failures, draft);
    clearance.clearAway();
    clearance.repairLabels();
    List<Action> actions = draft.actions();
    return new Plan(actions, facts(), again(actions));
  }

  /** Recoveries first, under their identity; then new agents, lowest free ordinal first. */
  private void fillIdentities() {
    if (!roster.suspended().isEmpty()) {
      draft.add(
          new Action.Hold(
              Reason.RecoverySuspended,
              roster.suspended().size()
                  + " agents fell silent at once; they are replaced when their pods or nodes are known to be gone",
              null));
    }
    int wanted = view.replicas() - roster.active().size();
    if (view.replicas() != view.policy().replicas()) {
      draft.add(
          new Action.Hold(
              Reason.ScaleHeld,
              "%d agents are wanted and %d are kept: %s"
                  .formatted(view.policy().replicas(), view.replicas(), sizeHold()),
              null));
    }
    for (Roster.Vacancy vacancy : roster.vacant()) {
      if (wanted > 0) {
        wanted--;
        PodRef from = vacancy.pod() == null ? null : vacancy.pod().ref();
        activate(
            vacancy.identity().ordinal(),
            vacancy.identity().epoch(),
            from,
            vacancy.why(),
            vacancy.note());
      } else {
        draft.release(vacancy.identity(), Reason.ScaledDown, "it is not wanted any more");
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
        activate(
            ordinal,
            epochs.getOrDefault(ordinal, 0L),
            null,
            Reason.ScaledUp,
            "one more agent is wanted");
      }
    }
  }

  private String sizeHold() {
    return view.hold(
            view.replicas() < view.policy().replicas() ? PoolHold.Kind.UP : PoolHold.Kind.DOWN)
        .map(PoolHold::note)
        .orElse("");
  }

  private void activate(int ordinal, long epoch, @Nullable PodRef from, Reason why, String note) {
    var spare = spares.take();
    if (spare.isEmpty()) {
      unmet.add(new Unmet(ordinal, epoch, why));
      return;
    }
    draft.add(new Action.Activate(ordinal, epoch, spare.get().ref(), from, why, note));
  }

  private PoolFacts facts() {
    var troubles =
        roster.starting().stream()
            .map(PodView::trouble)
            .filter(Objects::nonNull)
            .distinct()
            .sorted(Comparator.comparing(Trouble::reason).thenComparing(Trouble::message))
            .toList();
    return new PoolFacts(
        view.replicas(),
        roster.active().size(),
        (int) roster.active().stream().filter(Roster.Holder::confirmed).count(),
        (int) roster.active().stream().filter(h -> view.current(h.pod())).count(),
        roster.spares().size(),
        view.spares(),
        roster.starting().size(),
        roster.draining().size(),
        failures.inARow(),
        unmet,
        troubles);
  }

  private Duration again(List<Action> actions) {
    var until =
        actions.stream()
            .filter(Action.Hold.class::isInstance)
            .map(a -> ((Action.Hold) a).until())
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder());
    boolean probing = roster.spares().stream().anyMatch(spare -> !spare.serves(view.now()));
    boolean silent =
        roster.starting().stream().anyMatch(pod -> pod.pulse() != null || !pod.nodeReady());
    // A spare that missed a heartbeat may be heard again, which is no event.
    boolean quiet = !unmet.isEmpty() && !spares.rest().isEmpty();
    boolean moving = !roster.draining().isEmpty() || probing || silent || quiet;
    Duration wait = actions.isEmpty() && !moving ? WHILE_IDLE : WHILE_BUSY;
    if (view.sinceActivation().compareTo(REFILL_DELAY) < 0) {
      wait = REFILL_DELAY;
    }
    Duration deaf = view.policy().silence().minus(view.listening());
    if (!deaf.isNegative() && deaf.compareTo(wait) < 0) {
      wait = deaf.plusMillis(50);
    }
    if (failures.last() != null && StartFailures.LASTING.compareTo(wait) < 0) {
      // By then a later start may have lasted, and the failed pods are no longer needed.
      wait = StartFailures.LASTING;
    }
    if (until.isPresent()) {
      Duration left = Duration.between(view.now(), until.get()).plusMillis(10);
      boolean soon = left.compareTo(moving ? wait : WHILE_IDLE) < 0;
      wait = soon && left.isPositive() ? left : wait;
    }
    return wait;
  }
}

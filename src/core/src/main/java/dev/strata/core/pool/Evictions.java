package dev.strata.core.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which violator goes, if any, be it evicted or quarantined: one at a time, while nothing else is
 * on the move, within the limits of its gate. A gate that may not act now says why.
 */
final class Evictions {
  private static final Duration BUDGET = Duration.ofHours(1);

  private final PoolView view;
  private final Roster roster;
  private final SpareQueue spares;
  private final Draft draft;
  private final Set<String> said = new HashSet<>();

  Evictions(PoolView view, Roster roster, SpareQueue spares, Draft draft) {
    this.view = view;
    this.roster = roster;
    this.spares = spares;
    this.draft = draft;
  }

  void evict() {
    List<Violator> here = view.violators().stream().filter(v -> holder(v).isPresent()).toList();
    if (here.isEmpty()) {
      return;
    }
    long affected = affected(here);
    List<Violator> believed = here.stream().filter(v -> affected <= believed(v)).toList();
    here.stream()
        .filter(v -> !believed.contains(v))
        .forEach(
            v ->
                forgo(
                    v,
                    Reason.TooManyViolators,
                    "%d of %d agents violate targets at once and gate %s believes %d: the fault is looked for in what they share"
                        .formatted(affected, view.replicas(), v.gate(), believed(v))));
    List<Violator> allowed = believed.stream().filter(v -> !v.contested()).toList();
    Optional<Violator> begun = allowed.stream().filter(this::paid).findFirst();
    if (begun.isPresent() && !moving() && leavesOne(begun.get())) {
      takeAway(begun.get(), true);
      return;
    }
    for (Violator violator : allowed) {
      if (ready(violator)) {
        takeAway(violator, false);
        return;
      }
    }
  }

  /** Agents that miss targets, be it for certain or not. */
  private long affected(List<Violator> violators) {
    Set<String> pods = new HashSet<>(view.affected());
    violators.forEach(v -> pods.add(v.pod()));
    return roster.active().stream().filter(h -> pods.contains(h.pod().uid())).count();
  }

  /** Whether its gate may act now; says why when it may not. */
  private boolean ready(Violator violator) {
    EvictionLimits limits = violator.limits();
    List<Instant> spent =
        view.spent().stream()
            .map(Spent::at)
            .filter(at -> at.plus(BUDGET).isAfter(view.now()))
            .sorted(Comparator.reverseOrder())
            .toList();
    if (spent.size() >= limits.perHour()) {
      Instant until = spent.get(limits.perHour() - 1).plus(BUDGET);
      forgo(
          violator,
          Reason.BudgetSpent,
          "%d agents of this pool were taken away within the hour, which is the budget of gate %s until %s"
              .formatted(spent.size(), violator.gate(), until));
      return false;
    }
    if (!spent.isEmpty() && spent.getFirst().plus(limits.cooldown()).isAfter(view.now())) {
      Instant until = spent.getFirst().plus(limits.cooldown());
      forgo(
          violator,
          Reason.CoolingDown,
          "an agent of this pool was taken away, and gate %s waits until %s"
              .formatted(violator.gate(), until));
      return false;
    }
    if (moving()) {
      forgo(
          violator,
          Reason.DisruptionUnderWay,
          "gate %s waits until the pool is complete and up to date".formatted(violator.gate()));
      return false;
    }
    return leavesOne(violator);
  }

  /** Whether somebody works while the violator is replaced; says so when nobody would. */
  private boolean leavesOne(Violator violator) {
    boolean other =
        roster.active().stream()
            .anyMatch(h -> h.confirmed() && !h.pod().uid().equals(violator.pod()));
    if (!other && !spares.hasCurrent()) {
      forgo(
          violator,
          Reason.MinReady,
          "without it the pool has no ready agent and no spare: gate %s waits for one; raise spec.warm.target or spec.replicas"
              .formatted(violator.gate()));
    }
    return other || spares.hasCurrent();
  }

  /**
   * A rollout, a drain, a recovery or a change of size: whatever takes agents away or brings them.
   */
  private boolean moving() {
    return roster.active().size() != view.replicas()
        || !roster.draining().isEmpty()
        || !roster.vacant().isEmpty()
        || !roster.suspended().isEmpty()
        || roster.active().stream().anyMatch(h -> !h.confirmed() || !view.current(h.pod()))
        || draft.actions().stream().anyMatch(a -> a instanceof Action.Drain);
  }

  private void takeAway(Violator violator, boolean paid) {
    PodRef pod = holder(violator).orElseThrow().pod().ref();
    String note =
        "it misses %s of gate %s: %s"
            .formatted(violator.objective(), violator.gate(), violator.evidence());
    Duration quarantine = violator.quarantine();
    draft.add(
        quarantine == null
            ? new Action.Evict(
                pod,
                violator.gate(),
                violator.objective(),
                violator.evidence(),
                paid,
                Reason.TargetMissed,
                note)
            : new Action.Quarantine(
                pod,
                violator.gate(),
                violator.objective(),
                violator.evidence(),
                paid,
                view.now().plus(quarantine),
                Reason.Quarantined,
                note));
  }

  private boolean paid(Violator violator) {
    return view.spent().stream().anyMatch(s -> s.pod().equals(violator.pod()));
  }

  private Optional<Roster.Holder> holder(Violator violator) {
    return roster.active().stream().filter(h -> h.pod().uid().equals(violator.pod())).findFirst();
  }

  private int believed(Violator violator) {
    return violator.limits().most(view.replicas());
  }

  /** Once a gate and reason. */
  private void forgo(Violator violator, Reason why, String note) {
    if (said.add(violator.gate() + why)) {
      draft.add(new Action.Forgo(violator.gate(), why, note));
    }
  }
}

package dev.strata.core.pool;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which agents are to go: because there are too many, or because their template is old. */
final class Departures {
  private final PoolView view;
  private final Roster roster;
  private final Creation creation;
  private final SpareQueue spares;
  private final Draft draft;

  Departures(PoolView view, Roster roster, Creation creation, SpareQueue spares, Draft draft) {
    this.view = view;
    this.roster = roster;
    this.creation = creation;
    this.spares = spares;
    this.draft = draft;
  }

  /**
   * Too many agents: the idlest go first, and of equally idle ones those of an old revision, then
   * the highest ordinal.
   */
  void drainSurplus() {
    int surplus = roster.active().size() - view.replicas();
    if (surplus <= 0 || waits()) {
      return;
    }
    roster.active().stream()
        .sorted(
            Comparator.comparing(Roster.Holder::inFlight)
                .thenComparing(h -> view.current(h.pod()))
                .thenComparing(h -> -h.identity().ordinal()))
        .limit(surplus)
        .forEach(
            h ->
                draft.add(
                    new Action.Drain(
                        h.pod().ref(),
                        Reason.ScaledDown,
                        "one agent less is wanted and it is the idlest")));
  }

  /**
   * Replaces agents of an old revision: one is drained for each spare of the new one that is ready,
   * never more than maxUnavailable missing at a time. Gives how many spares of the new revision the
   * roll needs.
   */
  int roll() {
    if (roster.active().size() > view.replicas()) {
      return 0;
    }
    List<Roster.Holder> old = roster.active().stream().filter(h -> !view.current(h.pod())).toList();
    if (old.isEmpty()) {
      return 0;
    }
    var held = view.hold(PoolHold.Kind.ROLLOUT);
    if (held.isPresent()) {
      draft.add(
          new Action.Hold(
              Reason.RolloutHeld,
              old.size() + " agents keep their old template: " + held.get().note(),
              null));
      return 0;
    }
    int needed = Math.min(view.policy().maxUnavailable(), old.size());
    if (waits()) {
      return needed;
    }
    int unavailable =
        view.replicas() - (int) roster.active().stream().filter(Roster.Holder::confirmed).count();
    int budget = view.policy().maxUnavailable() - Math.max(0, unavailable);
    int ready =
        (int)
            spares.rest().stream().filter(view::current).filter(p -> p.serves(view.now())).count();
    // Where no pod can be made beside the old ones, room is made first.
    int steps =
        creation.obstacle() == null || ready > 0 ? Math.min(budget, ready) : noRoom() ? budget : 0;
    old.stream()
        .sorted(
            Comparator.comparing(Roster.Holder::inFlight)
                .thenComparing(h -> -h.identity().ordinal()))
        .limit(Math.max(0, steps))
        .forEach(
            h ->
                draft.add(
                    new Action.Drain(
                        h.pod().ref(),
                        Reason.Updated,
                        "it has an old template and a new agent takes its place")));
    return needed;
  }

  /**
   * One takes agents away at a time: while somebody who was taken away for a gate is not replaced
   * yet, or finishes still, nobody else goes.
   */
  private boolean waits() {
    Set<String> paid = view.spent().stream().map(Spent::pod).collect(Collectors.toSet());
    Stream<PodView> quarantined =
        roster.draining().stream().filter(p -> p.role() == PodRole.QUARANTINED);
    Stream<PodView> evicted =
        roster.over().stream().filter(p -> p.terminating() && paid.contains(p.uid()));
    boolean vacant =
        roster.vacant().stream()
            .map(v -> String.valueOf(v.identity().holder()))
            .anyMatch(paid::contains);
    boolean waits = vacant || Stream.concat(quarantined, evicted).findAny().isPresent();
    if (waits) {
      draft.add(
          new Action.Hold(
              Reason.DisruptionUnderWay,
              "an agent was taken away for a gate: no other one goes before it is replaced and gone",
              null));
    }
    return waits;
  }

  private boolean noRoom() {
    var obstacle = creation.obstacle();
    return obstacle != null
        && switch (obstacle.why()) {
          case Unschedulable, QuotaExceeded -> true;
          default -> false;
        };
  }
}

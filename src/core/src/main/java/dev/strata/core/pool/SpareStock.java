package dev.strata.core.pool;

import java.util.Comparator;
import java.util.List;

/** How many pods are made beside those at work, and which spares are too many. */
final class SpareStock {
  private final PoolView view;
  private final Roster roster;
  private final Creation creation;
  private final SpareQueue spares;
  private final Draft draft;

  SpareStock(PoolView view, Roster roster, Creation creation, SpareQueue spares, Draft draft) {
    this.view = view;
    this.roster = roster;
    this.creation = creation;
    this.spares = spares;
    this.draft = draft;
  }

  /** Pods for agents that found no spare, then spares. */
  void refill(int unmet, int rollSpares) {
    int target = Math.max(view.spares(), rollSpares);
    int waiting = (int) spares.rest().stream().filter(view::current).count();
    int missing = Math.max(0, target - waiting);
    boolean burst =
        view.sinceActivation().compareTo(PoolPlanner.REFILL_DELAY) < 0 || draft.activates();
    int now = burst && unmet == 0 ? 0 : missing;
    if (unmet > 0 || missing > 0) {
      var obstacle = creation.obstacle();
      if (obstacle != null) {
        draft.add(obstacle);
      } else {
        creation.create(unmet, now).forEach(draft::add);
      }
    }
    // A gate that has not been looked at may want more spares than it seems.
    if (view.hold(PoolHold.Kind.ALL).isEmpty()) {
      retireSurplusSpares(target, unmet);
    }
  }

  /**
   * Spares beyond the target: those that do not start first, then old revisions, then the youngest.
   */
  private void retireSurplusSpares(int target, int unmet) {
    List<PodView> rest = spares.rest();
    long ready = rest.stream().filter(view::current).count();
    for (PodView pod : roster.starting()) {
      if (!view.current(pod)) {
        draft.retire(pod, Reason.Outdated, "it was starting from an old template");
      }
    }
    List<PodView> starting =
        roster.starting().stream()
            .filter(view::current)
            .sorted(
                Comparator.comparing((PodView p) -> p.trouble() == null)
                    .thenComparing(PodView::createdAt, Comparator.reverseOrder()))
            .toList();
    long surplus = ready + starting.size() - target - unmet;
    for (PodView pod : starting) {
      if (surplus-- > 0) {
        draft.retire(pod, Reason.Surplus, "it is not wanted any more");
      }
    }
    int many = rest.size() - target;
    List<PodView> leaving =
        rest.stream()
            .sorted(
                Comparator.comparing(view::current)
                    .thenComparing(PodView::createdAt, Comparator.reverseOrder()))
            .toList();
    for (PodView pod : leaving) {
      if (many-- > 0) {
        draft.retire(
            pod,
            view.current(pod) ? Reason.Surplus : Reason.Outdated,
            "there are more spares than wanted");
      }
    }
  }
}

package dev.strata.core.pool;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A plan while it is being made: actions in their order, no pod retired twice. */
final class Draft {
  private final List<Action> actions = new ArrayList<>();
  private final Set<String> retired = new HashSet<>();

  void add(Action action) {
    actions.add(action);
  }

  /** Deletes a pod, unless it is on its way already. */
  void retire(PodView pod, Reason why, String note) {
    if (!pod.terminating() && retired.add(pod.uid())) {
      actions.add(new Action.Retire(pod.ref(), false, why, note));
    }
  }

  /** Frees an identity, if somebody holds it. */
  void release(IdentityView identity, Reason why, String note) {
    String holder = identity.holder();
    if (holder != null) {
      actions.add(new Action.Release(identity.ordinal(), identity.epoch(), holder, why, note));
    }
  }

  boolean activates() {
    return actions.stream().anyMatch(Action.Activate.class::isInstance);
  }

  List<Action> actions() {
    return List.copyOf(actions);
  }
}

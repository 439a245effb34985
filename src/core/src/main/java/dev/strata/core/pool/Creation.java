package dev.strata.core.pool;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pods to make now: never more than wanted, slowly at first, and none while the API or the
 * pods say no.
 */
final class Creation {
  /** Pods on their way at a time: few until the revision has shown that it starts, then more. */
  private static final int FIRST_STARTS = 4;

  private static final int MOST_STARTS = 12;

  private final PoolView view;
  private final Roster roster;
  private final StartFailures failures;

  Creation(PoolView view, Roster roster, StartFailures failures) {
    this.view = view;
    this.roster = roster;
    this.failures = failures;
  }

  /** Why nothing may be created now; null when something may. */
  Action.@Nullable Hold obstacle() {
    Refusal refusal = view.refusal();
    if (refusal != null && view.now().isBefore(refusal.until())) {
      return new Action.Hold(refusal.reason(), refusal.message(), refusal.until());
    }
    for (PodView pod : roster.starting()) {
      Trouble trouble = pod.trouble();
      if (trouble != null && trouble.unschedulable() && view.current(pod)) {
        return new Action.Hold(
            Reason.Unschedulable,
            "no node takes pod "
                + pod.name()
                + ": "
                + trouble.message()
                + "; no further pods are made until it fits",
            null);
      }
    }
    Instant next = failures.nextStart(view.policy());
    PodView last = failures.last();
    if (last != null && view.now().isBefore(next)) {
      return failures.breakerOpen(view.policy())
          ? new Action.Hold(Reason.BreakerOpen, breaker(last), next)
          : new Action.Hold(
              Reason.CrashLoop,
              failures.inARow() + " start(s) failed, the next one waits: " + words(last),
              next);
    }
    return null;
  }

  /**
   * The pods to make.
   *
   * @param demand agents that wait for a pod
   * @param refill spares to fill up, behind the demand
   */
  List<Action> create(int demand, int refill) {
    int starting = (int) roster.starting().stream().filter(view::current).count();
    int missing = demand + refill - starting;
    if (missing <= 0) {
      return List.of();
    }
    int wanted = Math.min(missing, Math.max(0, limit() - starting));
    int forDemand = Math.clamp((long) demand - starting, 0, wanted);
    // Refilling yields: while agents wait, every start is theirs.
    int forRefill = forDemand > 0 ? 0 : Math.min(wanted, view.refillTokens());
    List<Action> made = new ArrayList<>();
    var names = freeNames(forDemand + forRefill);
    for (int i = 0; i < names.size(); i++) {
      made.add(
          i < forDemand
              ? new Action.Create(
                  names.get(i), Reason.ColdStart, "an agent is wanted and no spare is there")
              : new Action.Create(names.get(i), Reason.WarmRefill, "a spare is missing"));
    }
    return made;
  }

  private int limit() {
    if (failures.inARow() > 1) {
      return 1;
    }
    long living =
        view.pods().stream().filter(p -> view.current(p) && !p.over() && p.pulse() != null).count();
    return Math.clamp(living * 2, FIRST_STARTS, MOST_STARTS);
  }

  private String breaker(PodView last) {
    return failures.inARow()
        + " starts of this template failed in a row; it is tried again once every "
        + view.policy().maxBackoff().toSeconds()
        + " s. Change the template or the handler. "
        + words(last);
  }

  private static String words(PodView pod) {
    Trouble trouble = pod.trouble();
    return trouble == null
        ? "pod " + pod.name() + " gave no reason"
        : "pod "
            + pod.name()
            + " ended with exit code "
            + trouble.exitCode()
            + (trouble.message().isBlank()
                ? " (" + trouble.reason() + ")"
                : ": " + trouble.message().strip());
  }

  /**
   * The same names for the same view, so a plan made twice from a stale view makes nothing twice.
   */
  private List<String> freeNames(int count) {
    Set<String> taken = new HashSet<>();
    view.pods().forEach(pod -> taken.add(pod.name()));
    List<String> names = new ArrayList<>();
    for (int slot = 0; names.size() < count; slot++) {
      String name = PodNames.name(view.pool(), view.uid(), slot);
      if (taken.add(name)) {
        names.add(name);
      }
    }
    return names;
  }
}

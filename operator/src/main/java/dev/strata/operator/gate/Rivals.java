package dev.strata.operator.gate;

import dev.strata.core.gate.GateConditions.Said;
import dev.strata.core.gate.Verdict;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Gates of one pool that would do the same harm by the same signal. Each believes in limits of its
 * own, so none of them does it. Signals are compared and not objectives: the same one may be judged
 * under several names.
 */
final class Rivals {
  private Rivals() {}

  /** Whether a gate is the only one that takes agents away by its signals. */
  static boolean mayEvict(Watch gate, List<Watch> all) {
    return rivals(gate, all, Watch::evictsBy).isEmpty();
  }

  /** Whether a gate is the only one that takes templates back by its signals. */
  static boolean mayTakeBack(Watch gate, List<Watch> all) {
    return rivals(gate, all, Watch::takesBackBy).isEmpty();
  }

  /** What is to be said of a gate that has rivals. */
  static Optional<Said> conflict(Watch gate, List<Watch> all) {
    return conflict(rivals(gate, all, Watch::evictsBy), "takes agents away")
        .or(() -> conflict(rivals(gate, all, Watch::takesBackBy), "takes templates back"));
  }

  private static Optional<Said> conflict(List<String> rivals, String what) {
    return rivals.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Said(
                "EnforcementAllowed",
                Verdict.Violated,
                "Conflicted",
                "%s %s by the same signal of this pool: take the action out of one of the two gates"
                    .formatted(String.join(", ", rivals), what)));
  }

  private static List<String> rivals(
      Watch gate, List<Watch> all, Function<Watch, Set<String>> signals) {
    return all.stream()
        .filter(o -> o != gate && !Collections.disjoint(signals.apply(o), signals.apply(gate)))
        .map(o -> o.gate().getMetadata().getName())
        .sorted()
        .toList();
  }
}

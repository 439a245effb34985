package dev.strata.operator.gate;

import dev.strata.core.gate.Burn;
import dev.strata.core.gate.Evidence;
import dev.strata.core.gate.Measure;
import dev.strata.core.gate.Objective;
import dev.strata.core.signal.GroupRings;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One objective of a gate, ready to be judged and shown.
 *
 * @param signal what is measured
 * @param kind unit of its value
 * @param target as people write it, such as ">= 95%"
 * @param window likewise, such as "5m"
 * @param estimator what judges it, such as "share"
 * @param source where its evidence comes from
 * @param provider who measures it, for people
 * @param burn from how fast on its error budget burns; null: nobody asks
 */
record Target(
    Objective objective,
    String signal,
    Measure.Kind kind,
    String target,
    String window,
    String estimator,
    Source source,
    String provider,
    @Nullable Burn burn) {

  /** Counted by the agent that sends, while the one that receives may be the sick one. */
  private static final Set<String> BETWEEN_TWO =
      Set.of("agent-latency", "delivery-local", "delivery-remote", "delivery-success");

  /**
   * What a verdict stands on, for people: "6%, at best 14%, target >= 90%, n 124". Empty where
   * nothing was measured.
   */
  String figures(Evidence evidence) {
    if (evidence.lacking() != null || Double.isNaN(evidence.estimate())) {
      return "";
    }
    String value = Measure.show(evidence.estimate(), kind);
    String bound = Measure.show(evidence.bound(), kind);
    return "%s%s, target %s, n %d"
        .formatted(
            value, bound.equals(value) ? "" : ", at best " + bound, target, evidence.samples());
  }

  /**
   * Key of the events that are kept agent by agent too: those that agents count, over a window of
   * time that is short; null of all others.
   */
  @Nullable String grouped() {
    boolean brief =
        !objective.window().counted()
            && objective.window().span().compareTo(GroupRings.LONGEST) <= 0;
    return switch (source) {
      case Source.Events events when brief && events.agents() -> events.kept().key();
      case Source.Judged judged when brief -> judged.kept().key();
      default -> null;
    };
  }

  /** Whether an agent that misses it by itself is the one to blame. */
  boolean blames() {
    return source instanceof Source.Gauges || (grouped() != null && !BETWEEN_TWO.contains(signal));
  }
}

package dev.strata.operator.gate;

import dev.strata.core.gate.Cause;
import dev.strata.core.gate.Window;
import java.time.Duration;
import java.util.Set;

/** Where the evidence of a target comes from. */
sealed interface Source {
  /**
   * How events are kept: those of a window of time in slots, the latest ones by their number.
   *
   * @param key under which they are counted
   * @param slot how finely they are kept
   * @param size how many slots
   */
  record Kept(String key, Duration slot, int size) {
    private static final Duration HISTORY = Duration.ofHours(1);

    /** So that a window and, for the scatter of its events, the hour before it can be seen. */
    static Kept of(String key, Window window) {
      Duration span = window.span();
      Duration slot =
          span.compareTo(Duration.ofHours(1)) <= 0
              ? Duration.ofSeconds(10)
              : span.compareTo(Duration.ofDays(1)) <= 0
                  ? Duration.ofMinutes(1)
                  : Duration.ofMinutes(5);
      return new Kept(
          key, slot, (int) Math.ceilDiv(span.plus(HISTORY).toMillis(), slot.toMillis()) + 2);
    }
  }

  /**
   * Good and total events.
   *
   * @param agents whether agents count them, as opposed to this operator
   * @param none why there is no verdict when there were none
   */
  record Events(Kept kept, boolean agents, Cause none) implements Source {}

  /**
   * Good and total events that agents count of what they could judge.
   *
   * @param coverage what they could judge, among all that there was
   * @param lacking why there is no verdict when that is too little
   */
  record Judged(Kept kept, Kept coverage, Cause lacking) implements Source {}

  /** Numerators and denominators that agents count, of all agents together. */
  record Sums(String key) implements Source {}

  /** Numerators and denominators that each agent has for itself; the worst one counts. */
  record OwnSums(String key) implements Source {}

  /** A gauge of each agent. */
  record Gauges(String key) implements Source {}

  /** The gate's own rows. */
  record Rows() implements Source {}

  /** Nothing measures it. */
  record None(Cause cause) implements Source {}

  /** The keys of the events that it needs counted. */
  default Set<String> events() {
    return switch (this) {
      case Events events -> Set.of(events.kept().key());
      case Judged judged -> Set.of(judged.kept().key(), judged.coverage().key());
      case Sums sums -> Set.of();
      case OwnSums sums -> Set.of();
      case Gauges gauges -> Set.of();
      case Rows rows -> Set.of();
      case None none -> Set.of();
    };
  }
}

package dev.strata.bench.gate;

import dev.strata.core.gate.Objective;
import dev.strata.core.gate.ShareEstimator;
import dev.strata.core.signal.CountRing;
import dev.strata.core.signal.Counts;
import java.time.Duration;
import java.util.SplittableRandom;

/** Where the events of a world end up: what an operator sees of them. It remembers. */
interface Seen {
  /** Lets a second pass. */
  Moment at(long second, long millis, SplittableRandom random);

  /** The ring that the operator keeps for a target. */
  static CountRing ring(Objective objective) {
    Duration slot = slot(objective);
    return new CountRing(slot, size(objective, slot));
  }

  /** Ten seconds, and more for a window of more than an hour. */
  static Duration slot(Objective objective) {
    Duration span = objective.window().span();
    return span.compareTo(Duration.ofHours(1)) <= 0
        ? Duration.ofSeconds(10)
        : span.compareTo(Duration.ofDays(1)) <= 0 ? Duration.ofMinutes(1) : Duration.ofMinutes(5);
  }

  /** The window, and the hour before it. */
  static int size(Objective objective, Duration slot) {
    Duration kept = objective.window().span().plusHours(objective.window().counted() ? 0 : 1);
    return (int) Math.ceilDiv(kept.toMillis(), slot.toMillis()) + 2;
  }

  /**
   * Everything is heard at once. The long windows of sparse events are looked at when there is one,
   * and each minute.
   */
  static Seen all(Objective objective, Traffic traffic) {
    CountRing ring = ring(objective);
    return (second, millis, random) -> {
      Counts counts = traffic.at(second, random);
      if (counts.total() > 0) {
        ring.add(millis, counts.good(), counts.total());
      } else if (objective.window().counted() && second % 60 != 0) {
        return new Moment(ring, Counts.NONE, 1, Operator.IDLE, millis);
      }
      Counts window = ShareEstimator.counts(ring, objective.window(), millis);
      return new Moment(ring, window, 1, Operator.JUDGES, millis);
    };
  }
}

package dev.strata.bench.gate;

import dev.strata.core.gate.Objective;
import dev.strata.core.gate.Window;
import dev.strata.core.signal.CountRing;
import dev.strata.core.signal.Counts;
import dev.strata.core.signal.RecentEvents;
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
    Duration kept = objective.window().span().plusHours(1);
    return (int) Math.ceilDiv(kept.toMillis(), slot.toMillis()) + 2;
  }

  /** Everything is heard at once. */
  static Seen all(Objective objective, Traffic traffic) {
    return objective.window().counted() ? latest(objective, traffic) : timely(objective, traffic);
  }

  private static Seen timely(Objective objective, Traffic traffic) {
    CountRing ring = ring(objective);
    return (second, millis, random) -> {
      Counts counts = traffic.at(second, random);
      if (counts.total() > 0) {
        ring.add(millis, counts.good(), counts.total());
      }
      Counts window = ring.within(millis, objective.window().span());
      return new Moment(ring, window, ring.events(), 1, Operator.JUDGES, millis);
    };
  }

  /** The latest of sparse events are looked at when there is one, and each minute. */
  private static Seen latest(Objective objective, Traffic traffic) {
    Window window = objective.window();
    var recent = new RecentEvents(window.last());
    return (second, millis, random) -> {
      Counts counts = traffic.at(second, random);
      if (counts.total() > 0) {
        recent.add(millis, counts.good(), counts.total());
      } else if (second % 60 != 0) {
        return new Moment(null, Counts.NONE, 0, 1, Operator.IDLE, millis);
      }
      Counts last = recent.last(millis, window.span(), window.last()).counts();
      return new Moment(null, last, recent.events(), 1, Operator.JUDGES, millis);
    };
  }
}

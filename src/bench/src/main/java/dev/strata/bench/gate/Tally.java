package dev.strata.bench.gate;

import dev.strata.core.gate.Verdict;
import java.util.EnumMap;
import java.util.Map;

/** What one way of judging said in one life of a world. */
final class Tally {
  private static final double DAY_SECONDS = 86_400;

  private final Map<Verdict, Long> seconds = new EnumMap<>(Verdict.class);
  private Verdict last = Verdict.Unknown;
  private long flips;
  private long all;

  /** Notes the verdict of a second; the first ones, until verdicts can be had, do not count. */
  void add(Verdict verdict, boolean counts) {
    if (counts) {
      flips += verdict == last ? 0 : 1;
      all++;
      seconds.merge(verdict, 1L, Long::sum);
    }
    last = verdict;
  }

  /** Notes a second in which nobody judged. */
  void again(boolean counts) {
    add(last, counts);
  }

  double flipsADay() {
    return flips * DAY_SECONDS / all;
  }

  /** Share of time with a verdict, in percent. */
  double percent(Verdict verdict) {
    return 100.0 * seconds.getOrDefault(verdict, 0L) / all;
  }
}

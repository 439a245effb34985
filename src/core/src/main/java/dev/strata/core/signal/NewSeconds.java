package dev.strata.core.signal;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * The seconds of a report that are new.
 *
 * @param folded up to which second its process was known before
 * @param from the first second that is new and told of one by one
 * @param receivedMillis when the report came in: its newest second ends then
 */
record NewSeconds(AgentReport report, long folded, long from, long receivedMillis) {
  /** A gap is filled in as many parts at most. */
  private static final long MOST_PARTS = 60;

  /** Where two numbers of a moment are added. */
  interface Adding {
    void add(long atMillis, long first, long second);
  }

  /** When a second of the process ended, by the receiver's clock. */
  long at(long second) {
    return receivedMillis - (report.second() - second) * 1000;
  }

  /**
   * Adds the growth of a counter.
   *
   * @param before as it was when the process was last known; null: nobody knows
   */
  void each(Series series, @Nullable Series before, Adding adding) {
    int told = series.firsts().size();
    long first = 0;
    long second = 0;
    for (int i = 0; i < told; i++) {
      long at = report.second() - told + 1 + i;
      if (at >= from) {
        long a = series.firsts().get(i);
        long b = series.seconds().get(i);
        first += a;
        second += b;
        if (a > 0 || b > 0) {
          adding.add(at(at), a, b);
        }
      }
    }
    if (before != null) {
      spread(
          series.first() - before.first() - first,
          series.second() - before.second() - second,
          adding);
    }
  }

  /**
   * What fell into a gap that is longer than a report tells of is known from the totals only. It is
   * spread evenly over the gap: added at one moment, an hour's events would look like a second's.
   */
  private void spread(long first, long second, Adding adding) {
    long gap = Math.max(1, from - 1 - folded);
    long parts = Math.min(gap, MOST_PARTS);
    long firsts = 0;
    long seconds = 0;
    for (long part = 1; part <= parts; part++) {
      long b = share(second, part, parts) - seconds;
      // As much of one as of the other, so that no part has more good events than events.
      long a =
          (second == 0 ? share(first, part, parts) : share(first, seconds + b, second)) - firsts;
      firsts += a;
      seconds += b;
      if (a > 0 || b > 0) {
        adding.add(at(from - 1 - gap + gap * part / parts), a, b);
      }
    }
  }

  private static long share(long all, long part, long parts) {
    return BigInteger.valueOf(all)
        .multiply(BigInteger.valueOf(part))
        .divide(BigInteger.valueOf(parts))
        .longValueExact();
  }
}

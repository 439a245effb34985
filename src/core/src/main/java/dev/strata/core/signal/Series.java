package dev.strata.core.signal;

import java.util.List;

/**
 * Two counters that only grow, and how they grew in each of the last seconds. Of events the first
 * counts the good ones and the second all; of a ratio they are numerator and denominator.
 *
 * @param first since the process began
 * @param second since the process began
 * @param firsts growth by second, oldest first, at most {@link #MOST_SECONDS}
 * @param seconds likewise, as many
 */
public record Series(long first, long second, List<Long> firsts, List<Long> seconds) {
  /** How far back a report tells its seconds one by one. */
  public static final int MOST_SECONDS = 60;

  /** As it is when a process begins. */
  static final Series NONE = new Series(0, 0, List.of(), List.of());

  public Series {
    firsts = List.copyOf(firsts);
    seconds = List.copyOf(seconds);
  }

  /** The totals alone. */
  Series totals() {
    return new Series(first, second, List.of(), List.of());
  }

  /** Why nothing of it can be believed; empty when it can. */
  String fault(boolean events) {
    if (firsts.size() != seconds.size() || firsts.size() > MOST_SECONDS) {
      return "it tells of " + firsts.size() + " and " + seconds.size() + " seconds";
    }
    long most = AgentReport.mostASecond(events);
    long sumOfFirsts = 0;
    long sumOfSeconds = 0;
    for (int i = 0; i < firsts.size(); i++) {
      long a = firsts.get(i);
      long b = seconds.get(i);
      if (a < 0 || b < 0 || (events && a > b)) {
        return "a second has " + a + " good of " + b;
      }
      if (Math.max(a, b) > most) {
        return Math.max(a, b) + " within a second are more than one process can have";
      }
      sumOfFirsts += a;
      sumOfSeconds += b;
    }
    return sumOfFirsts > first || sumOfSeconds > second
        ? "its seconds add up to more than its totals"
        : "";
  }
}

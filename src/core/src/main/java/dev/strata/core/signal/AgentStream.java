package dev.strata.core.signal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One process' reports: which of its seconds are folded, and what its counters were. */
final class AgentStream {
  /** A process' clock may run so much ahead of ours since its first report. */
  private static final long AHEAD_SECONDS = 5;

  private final String agent;
  private final long firstSecond;
  private final long firstHeard;
  private final Map<String, Series> totals = new HashMap<>();
  private Map<String, Long> open = Map.of();
  private long second;
  private long heard;

  AgentStream(AgentReport report, long receivedMillis) {
    this.agent = report.agent();
    this.firstSecond = report.second();
    this.firstHeard = receivedMillis;
    this.second = Math.max(0, report.second() - Series.MOST_SECONDS);
    this.heard = receivedMillis;
  }

  /** Why a report cannot be true; empty when it can. */
  String fault(AgentReport report, long receivedMillis) {
    if (!report.agent().equals(agent)) {
      return "the process was " + agent + " and says that it is " + report.agent();
    }
    long possible = firstSecond + (receivedMillis - firstHeard) / 1000 + AHEAD_SECONDS;
    if (report.second() > possible) {
      return "it tells of second " + report.second() + ", which is not before " + possible;
    }
    String events = fault(report, report.events(), true);
    String sums = events.isEmpty() ? fault(report, report.sums(), false) : events;
    if (!sums.isEmpty()) {
      return sums;
    }
    if (report.open().values().stream().anyMatch(n -> n < 0 || n > AgentReport.MOST_A_SECOND)) {
      return "a number of open events is below zero or too large";
    }
    for (Map.Entry<String, List<Double>> gauge : report.gauges().entrySet()) {
      if (gauge.getValue().size() > Series.MOST_SECONDS
          || gauge.getValue().stream().anyMatch(v -> !Double.isFinite(v) || v < 0)) {
        return "the gauge " + gauge.getKey() + " has what is no measured value";
      }
    }
    return "";
  }

  private String fault(AgentReport report, Map<String, Series> told, boolean events) {
    for (Map.Entry<String, Series> entry : told.entrySet()) {
      Series now = entry.getValue();
      Series before = totals.get(entry.getKey());
      String fault = now.fault(events);
      if (fault.isEmpty() && before != null && !follows(report, before, now, events)) {
        fault =
            "it was %d of %d before and is %d of %d"
                .formatted(before.first(), before.second(), now.first(), now.second());
      }
      if (!fault.isEmpty()) {
        return "the counter " + entry.getKey() + ": " + fault;
      }
    }
    return "";
  }

  /**
   * Whether a counter can have come from what it was: it only grows, and by at least what its new
   * seconds tell; of events no more are good than there are.
   */
  private boolean follows(AgentReport report, Series before, Series now, boolean events) {
    long first = now.first() - before.first();
    long second = now.second() - before.second();
    int told = now.firsts().size();
    for (int i = 0; i < told; i++) {
      if (report.second() - told + 1 + i >= nextSecond(report)) {
        first -= now.firsts().get(i);
        second -= now.seconds().get(i);
      }
    }
    return first >= 0 && second >= 0 && (!events || first <= second);
  }

  /** Whether there is a second in it that is not folded. */
  boolean news(AgentReport report) {
    return report.second() > second;
  }

  /** The first second of a report that is not folded yet and that it still tells of. */
  long nextSecond(AgentReport report) {
    return Math.max(second, report.second() - Series.MOST_SECONDS) + 1;
  }

  void folded(AgentReport report, long receivedMillis) {
    totals.putAll(report.events());
    totals.putAll(report.sums());
    open = report.last() ? Map.of() : report.open();
    second = report.second();
    heard = receivedMillis;
  }

  /** A counter as it was last reported; null at its first report. */
  @Nullable Series total(String key) {
    return totals.get(key);
  }

  String agent() {
    return agent;
  }

  Map<String, Long> open() {
    return open;
  }

  long heard() {
    return heard;
  }

  long second() {
    return second;
  }
}

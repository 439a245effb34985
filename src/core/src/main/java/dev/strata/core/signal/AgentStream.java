package dev.strata.core.signal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One process' reports: which of its seconds are folded, and what its counters were. */
final class AgentStream {
  /**
   * A process may seem so much ahead of its first report: that one may have waited in a buffer, and
   * a bound that is too narrow would refuse the process for as long as it lives.
   */
  private static final long AHEAD_SECONDS = Series.MOST_SECONDS;

  private static final long NOT_GONE = Long.MAX_VALUE;

  private final String agent;
  private final long firstSecond;
  private final long firstHeard;
  private final Map<String, Series> totals = new HashMap<>();
  private final Map<String, Long> lost = new HashMap<>();
  private Map<String, Long> open = Map.of();
  private boolean fresh = true;
  private long second;
  private long heard;
  private long gone = NOT_GONE;
  private long spoke;
  private boolean paused;

  AgentStream(AgentReport report, long receivedMillis) {
    this.agent = report.agent();
    this.firstSecond = report.second();
    this.firstHeard = receivedMillis;
    this.second = Math.max(0, report.second() - Series.MOST_SECONDS);
    this.heard = receivedMillis;
    this.spoke = receivedMillis;
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
    if (gone() && report.second() > second + (gone - heard) / 1000 + 1) {
      return "it tells of second " + report.second() + ", after its process was gone";
    }
    String events = fault(report, report.events(), true);
    String sums = events.isEmpty() ? fault(report, report.sums(), false) : events;
    if (!sums.isEmpty()) {
      return sums;
    }
    if (report.open().values().stream().anyMatch(n -> n < 0 || n > AgentReport.MOST_A_SECOND)) {
      return "a number of open events is below zero or too large";
    }
    for (Durations told : report.durations().values()) {
      if (!told.fault().isEmpty()) {
        return told.fault();
      }
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
      Series before = total(entry.getKey());
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
   * Whether a counter can have come from what it was: it only grows, by at least what its new
   * seconds tell, and by no more than can be; of events no more are good than there are.
   */
  private boolean follows(AgentReport report, Series before, Series now, boolean events) {
    long lostFirst = now.first() - before.first();
    long lostSecond = now.second() - before.second();
    long seconds = report.second() - second;
    if (Math.max(lostFirst, lostSecond) / AgentReport.mostASecond(events) > seconds) {
      return false;
    }
    int told = now.firsts().size();
    for (int i = 0; i < told; i++) {
      if (report.second() - told + 1 + i >= nextSecond(report)) {
        lostFirst -= now.firsts().get(i);
        lostSecond -= now.seconds().get(i);
      }
    }
    return lostFirst >= 0 && lostSecond >= 0 && (!events || lostFirst <= lostSecond);
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
    fresh = false;
    second = report.second();
    heard = receivedMillis;
    spoke = receivedMillis;
  }

  /**
   * A counter as it was last reported; null before the first report, because then nobody knows what
   * was before. One that comes later began at zero.
   */
  @Nullable Series total(String key) {
    return fresh ? null : totals.getOrDefault(key, Series.NONE);
  }

  /** Notes that the process is gone: what it tells of later times is not taken any more. */
  void end(long nowMillis) {
    gone = Math.min(gone, nowMillis);
  }

  boolean gone() {
    return gone != NOT_GONE;
  }

  /**
   * Notes a word of a process that was taken for gone.
   *
   * @param most milliseconds between two words of who lives
   * @return whether it has spoken on all the time, from before it was taken for gone
   */
  boolean speaksOn(long nowMillis, long most) {
    paused |= nowMillis - spoke > most;
    spoke = nowMillis;
    return !paused;
  }

  /**
   * Notes that it is not gone.
   *
   * @return when it was taken for gone
   */
  long revive() {
    long was = gone;
    gone = NOT_GONE;
    paused = false;
    return was;
  }

  /** What the process had begun and left behind, as far as this was not asked for before. */
  Map<String, Long> lose() {
    Map<String, Long> more = new HashMap<>();
    open.forEach(
        (key, count) -> {
          long known = lost.getOrDefault(key, 0L);
          if (count > known) {
            more.put(key, count - known);
            lost.put(key, count);
          }
        });
    return more;
  }

  String agent() {
    return agent;
  }

  long heard() {
    return heard;
  }

  long second() {
    return second;
  }

  private AgentStream(SavedStream saved) {
    this.agent = saved.agent();
    this.firstSecond = saved.firstSecond();
    this.firstHeard = saved.firstHeard();
    this.totals.putAll(saved.totals());
    this.lost.putAll(saved.lost());
    this.open = saved.open();
    this.fresh = false;
    this.second = saved.second();
    this.heard = saved.heard();
    this.spoke = saved.heard();
    this.gone = saved.gone();
  }

  /** As it can be kept. */
  SavedStream save() {
    Map<String, Series> counters = new HashMap<>();
    totals.forEach((key, s) -> counters.put(key, s.totals()));
    return new SavedStream(
        agent, firstSecond, firstHeard, counters, Map.copyOf(lost), open, second, heard, gone);
  }

  /** The stream that was kept. */
  static AgentStream restore(SavedStream saved) {
    return new AgentStream(saved);
  }
}

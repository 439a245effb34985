package dev.strata.core.signal;

import java.util.List;
import java.util.Map;

/**
 * What one agent says of itself, each second. Every report tells of the last minute second by
 * second, so a lost one costs nothing.
 *
 * @param agent who it is to the pool: its pod
 * @param incarnation random id of its process
 * @param second the process' newest whole second, counted from 1; the reports' sequence number
 * @param events counters of good and all events, by signal and threshold
 * @param open events that have begun and are not judged yet, by the same keys
 * @param sums numerators and denominators, by signal
 * @param gauges a value a second, oldest first, by signal
 * @param durations how long events took that ended in its newest second, by signal
 * @param last whether the process ends in order and this is its last one
 */
public record AgentReport(
    String agent,
    String incarnation,
    long second,
    Map<String, Series> events,
    Map<String, Long> open,
    Map<String, Series> sums,
    Map<String, List<Double>> gauges,
    Map<String, Durations> durations,
    boolean last) {

  /** More events than one process can have. */
  static final long MOST_A_SECOND = 1_000_000;

  /** More nanoseconds or bytes than one process can have. */
  static final long MOST_SUM_A_SECOND = 10_000_000_000_000L;

  static long mostASecond(boolean events) {
    return events ? MOST_A_SECOND : MOST_SUM_A_SECOND;
  }

  public AgentReport {
    events = Map.copyOf(events);
    open = Map.copyOf(open);
    sums = Map.copyOf(sums);
    gauges = Map.copyOf(gauges);
    durations = Map.copyOf(durations);
  }
}

package dev.strata.agent.telemetry;

import dev.strata.protocol.Telemetry;
import java.util.Map;
import java.util.TreeMap;

/** All counters and gauges at one moment. */
final class Readings {
  /** Two counters. */
  record Pair(long first, long second) {}

  private final Map<String, Pair> events = new TreeMap<>();
  private final Map<String, Long> open = new TreeMap<>();
  private final Map<String, Pair> sums = new TreeMap<>();
  private final Map<String, Double> gauges = new TreeMap<>();
  private final Map<String, Telemetry.Durations> durations = new TreeMap<>();
  private final Map<String, String> faults = new TreeMap<>();

  void events(String key, long good, long total) {
    events.put(key, new Pair(good, total));
  }

  void events(String key, Tally tally) {
    long good = tally.first();
    events(key, good, tally.second());
  }

  void open(String key, long count) {
    if (count > 0) {
      open.put(key, count);
    }
  }

  void sums(String key, Tally tally) {
    sums(key, tally.first(), tally.second());
  }

  void sums(String key, long numerator, long denominator) {
    sums.put(key, new Pair(numerator, denominator));
  }

  void gauge(String key, double value) {
    gauges.put(key, value);
  }

  void durations(String signal, Telemetry.Durations told) {
    durations.put(signal, told);
  }

  /** The signal cannot be measured now. */
  void fault(String key, String cause) {
    faults.put(key, cause);
  }

  Map<String, Pair> events() {
    return events;
  }

  Map<String, Long> open() {
    return open;
  }

  Map<String, Pair> sums() {
    return sums;
  }

  Map<String, Double> gauges() {
    return gauges;
  }

  Map<String, Telemetry.Durations> durations() {
    return durations;
  }

  Map<String, String> faults() {
    return faults;
  }
}

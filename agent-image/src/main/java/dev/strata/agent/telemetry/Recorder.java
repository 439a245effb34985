package dev.strata.agent.telemetry;

import dev.strata.protocol.Telemetry;
import dev.strata.protocol.Telemetry.Growth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Remembers how everything grew in each of the last sixty seconds. Used by one thread. */
final class Recorder {
  private static final int SECONDS = Telemetry.SECONDS;

  private final Map<String, Track> events = new HashMap<>();
  private final Map<String, Track> sums = new HashMap<>();
  private final Map<String, double[]> gauges = new HashMap<>();
  private Readings newest = new Readings();
  private long second;

  /** One pair of counters: as it was last read, and its growth by second. */
  private static final class Track {
    private long first;
    private long second;
    private final long[] firsts = new long[SECONDS];
    private final long[] seconds = new long[SECONDS];
  }

  /**
   * Takes the readings at the end of a second. Seconds that were left out had no growth; what grew
   * in them stands in this one.
   *
   * @param now its number, larger than before
   */
  void record(long now, Readings readings) {
    for (long skipped = Math.max(second + 1, now - SECONDS + 1); skipped <= now; skipped++) {
      clear((int) (skipped % SECONDS));
    }
    second = now;
    newest = readings;
    int slot = (int) (now % SECONDS);
    tracks(events, readings.events(), slot);
    tracks(sums, readings.sums(), slot);
    readings
        .gauges()
        .forEach((key, value) -> gauges.computeIfAbsent(key, k -> emptyGauge())[slot] = value);
  }

  private static double[] emptyGauge() {
    double[] values = new double[SECONDS];
    java.util.Arrays.fill(values, Double.NaN);
    return values;
  }

  private void clear(int slot) {
    for (Map<String, Track> tracks : List.of(events, sums)) {
      tracks
          .values()
          .forEach(
              track -> {
                track.firsts[slot] = 0;
                track.seconds[slot] = 0;
              });
    }
    gauges.values().forEach(values -> values[slot] = Double.NaN);
  }

  private static void tracks(Map<String, Track> tracks, Map<String, Readings.Pair> read, int slot) {
    read.forEach(
        (key, pair) -> {
          Track track = tracks.computeIfAbsent(key, k -> new Track());
          track.firsts[slot] += pair.first() - track.first;
          track.seconds[slot] += pair.second() - track.second;
          track.first = pair.first();
          track.second = pair.second();
        });
  }

  long second() {
    return second;
  }

  Map<String, Growth> events() {
    return growth(events, newest.events().keySet());
  }

  Map<String, Growth> sums() {
    return growth(sums, newest.sums().keySet());
  }

  Map<String, Long> open() {
    return newest.open();
  }

  Map<String, Telemetry.Durations> durations() {
    return newest.durations();
  }

  Map<String, String> faults() {
    return newest.faults();
  }

  /** Values of each second from the first known one on; a second without a value repeats none. */
  Map<String, List<Double>> gauges() {
    Map<String, List<Double>> told = new TreeMap<>();
    gauges.forEach(
        (key, values) -> {
          List<Double> list = new ArrayList<>();
          for (long s = second; s > Math.max(0, second - SECONDS); s--) {
            double value = values[(int) (s % SECONDS)];
            if (Double.isNaN(value)) {
              break;
            }
            list.addFirst(value);
          }
          told.put(key, list);
        });
    return told;
  }

  private Map<String, Growth> growth(Map<String, Track> tracks, Set<String> keys) {
    Map<String, Growth> told = new TreeMap<>();
    tracks.forEach(
        (key, track) -> {
          if (!keys.contains(key)) {
            return;
          }
          List<Long> firsts = new ArrayList<>();
          List<Long> seconds = new ArrayList<>();
          for (long s = Math.max(1, second - SECONDS + 1); s <= second; s++) {
            int slot = (int) (s % SECONDS);
            long a = track.firsts[slot];
            long b = track.seconds[slot];
            if (a + b > 0 || !firsts.isEmpty()) {
              firsts.add(a);
              seconds.add(b);
            }
          }
          told.put(key, new Growth(track.first, track.second, firsts, seconds));
        });
    return told;
  }
}

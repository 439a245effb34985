package dev.strata.bench;

import dev.strata.protocol.Telemetry;
import dev.strata.protocol.Telemetry.Growth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** What a simulated agent has measured in its last minute, as a real agent tells it. */
final class SimSignals {
  private static final int SECONDS = Telemetry.SECONDS;
  private static final double MEMORY_BYTES = 52e6;

  private final Map<String, Track> events = new TreeMap<>();
  private final Map<String, Track> sums = new TreeMap<>();
  private long second;

  private static final class Track {
    private final long[] firsts = new long[SECONDS];
    private final long[] seconds = new long[SECONDS];
    private long first;
    private long second;
    private long since;
  }

  /**
   * One second passes: two operations, a probe and its answer, some collector time.
   *
   * @param wanted the thresholds that the operator wants, by signal
   * @param good whether the operations come to a good end in time
   */
  void pass(Map<String, List<Long>> wanted, boolean good) {
    second++;
    wanted.forEach(
        (signal, limits) -> {
          boolean operations = signal.equals("response-time");
          long total = operations ? 2 : 1;
          limits.forEach(
              limit -> add(events, signal + "@" + limit, operations && !good ? 0 : total, total));
        });
    add(events, "delivery-success", 3, 3);
    add(sums, "sync-overhead", 4_000_000, 200_000_000);
    add(sums, "overhead", 5_000, 200_000);
    add(sums, "overhead-engine", 150_000, 200_000);
    add(sums, "gc", 3_000_000, 1_000_000_000);
  }

  private void add(Map<String, Track> tracks, String key, long first, long all) {
    Track track = tracks.computeIfAbsent(key, k -> new Track());
    int slot = (int) (second % SECONDS);
    track.firsts[slot] = first;
    track.seconds[slot] = all;
    track.first += first;
    track.second += all;
    track.since = track.since == 0 ? second : track.since;
  }

  /** Number of the newest second, counted from 1. */
  long second() {
    return second;
  }

  Map<String, Growth> events() {
    return growth(events);
  }

  Map<String, Growth> sums() {
    return growth(sums);
  }

  Map<String, Long> open() {
    Map<String, Long> open = new TreeMap<>();
    events.keySet().stream().filter(key -> key.contains("@")).forEach(key -> open.put(key, 0L));
    return open;
  }

  /** Twenty operations that take twenty times as long as each other at most. */
  Map<String, Telemetry.Durations> durations() {
    List<Long> micros = LongStream.rangeClosed(1, 20).mapToObj(i -> i * 10_000).toList();
    return Map.of(
        "response-time", new Telemetry.Durations(micros, Collections.nCopies(micros.size(), 1L)));
  }

  Map<String, List<Double>> gauges() {
    List<Double> values = new ArrayList<>();
    for (long s = Math.max(1, second - SECONDS + 1); s <= second; s++) {
      values.add(MEMORY_BYTES);
    }
    return Map.of("agent-memory", values);
  }

  private Map<String, Growth> growth(Map<String, Track> tracks) {
    Map<String, Growth> told = new TreeMap<>();
    tracks.forEach(
        (key, track) -> {
          List<Long> firsts = new ArrayList<>();
          List<Long> seconds = new ArrayList<>();
          for (long s = Math.max(track.since, second - SECONDS + 1); s <= second; s++) {
            firsts.add(track.firsts[(int) (s % SECONDS)]);
            seconds.add(track.seconds[(int) (s % SECONDS)]);
          }
          told.put(key, new Growth(track.first, track.second, firsts, seconds));
        });
    return told;
  }
}

package dev.strata.core.signal;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Events under way that somebody waits for. One turns bad at its start plus a threshold, not when
 * it ends: what never ends is bad too.
 */
final class Waits {
  private final Counting counting;
  private final Map<String, Map<String, Waiting>> waiting = new HashMap<>();

  /** Takes what was judged, once for each threshold. */
  interface Counting {
    void count(String signal, long threshold, long atMillis, boolean good);
  }

  private record Waiting(long sinceMillis, Set<Long> thresholds) {}

  Waits(Counting counting) {
    this.counting = counting;
  }

  /**
   * @param id unique among the signal's events
   * @param thresholds in milliseconds; none: nobody judges it
   */
  void begin(String signal, String id, long sinceMillis, Set<Long> thresholds) {
    if (!thresholds.isEmpty()) {
      waiting
          .computeIfAbsent(signal, s -> new HashMap<>())
          .put(id, new Waiting(sinceMillis, new TreeSet<>(thresholds)));
    }
  }

  void end(String signal, String id, long nowMillis) {
    Waiting event = remove(signal, id);
    if (event != null) {
      late(signal, event, nowMillis);
      event.thresholds().forEach(limit -> counting.count(signal, limit, nowMillis, true));
    }
  }

  void withdraw(String signal, String id) {
    var unused = remove(signal, id);
  }

  private @Nullable Waiting remove(String signal, String id) {
    Map<String, Waiting> events = waiting.get(signal);
    return events == null ? null : events.remove(id);
  }

  void tick(long nowMillis) {
    waiting.forEach((signal, events) -> events.values().forEach(e -> late(signal, e, nowMillis)));
  }

  private void late(String signal, Waiting event, long nowMillis) {
    event
        .thresholds()
        .removeIf(
            limit -> {
              boolean late = nowMillis - event.sinceMillis() > limit;
              if (late) {
                counting.count(signal, limit, nowMillis, false);
              }
              return late;
            });
  }
}

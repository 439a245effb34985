package dev.strata.agent.telemetry;

import dev.strata.protocol.Telemetry;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Events that have to be answered well within a threshold, or several thresholds at once. An event
 * turns bad when its time is over, not when it ends: what never returns is bad too.
 */
public final class Timed {
  private final String signal;
  private final LongSupplier nanoTime;
  private final Set<Event> open = new HashSet<>();
  private final Map<Long, Count> counts = new TreeMap<>();
  private final Durations durations = new Durations();
  private Set<Long> thresholds = Set.of();

  private static final class Count {
    private long good;
    private long total;
  }

  /**
   * @param signal its name
   * @param nanoTime a monotonic clock
   */
  Timed(String signal, LongSupplier nanoTime) {
    this.signal = signal;
    this.nanoTime = nanoTime;
  }

  /** One event under way; ends once. */
  public final class Event {
    private final long began = nanoTime.getAsLong();

    /** The thresholds that it was not judged by yet, in milliseconds. */
    private final Set<Long> waiting;

    private Event(Set<Long> thresholds) {
      this.waiting = new TreeSet<>(thresholds);
    }

    /** It was answered, well or not. */
    public void end(boolean good) {
      end(good, nanoTime.getAsLong() - began);
    }

    /** It was answered, and took so long by another measure than ours. */
    void end(boolean good, long tookNanos) {
      synchronized (Timed.this) {
        if (open.remove(this)) {
          durations.add(tookNanos);
          waiting.forEach(
              limit -> count(limit, good && tookNanos <= TimeUnit.MILLISECONDS.toNanos(limit)));
          waiting.clear();
        }
      }
    }

    /** Nobody waits for an answer any more: it is left out, unless it was bad already. */
    public void withdraw() {
      synchronized (Timed.this) {
        open.remove(this);
      }
    }
  }

  String signal() {
    return signal;
  }

  /** Begins an event. */
  public synchronized Event begin() {
    var event = new Event(thresholds);
    open.add(event);
    return event;
  }

  /** Counts an event that has come to its end already, well or not. */
  public synchronized void ended(boolean good, long tookNanos) {
    for (long limit : thresholds) {
      count(limit, good && tookNanos <= TimeUnit.MILLISECONDS.toNanos(limit));
    }
  }

  /**
   * Judges by these from now on; a new threshold begins with the next event. The counters of one
   * that is not asked for any more stay, because counters never shrink and it may be asked for
   * again.
   */
  synchronized void judgeBy(List<Long> millis) {
    thresholds = Set.copyOf(millis);
    open.forEach(event -> event.waiting.retainAll(thresholds));
    thresholds.forEach(limit -> counts.computeIfAbsent(limit, l -> new Count()));
  }

  /** Turns bad whatever has run out of time. To be called each second. */
  synchronized void tick() {
    long now = nanoTime.getAsLong();
    for (Event event : open) {
      event.waiting.removeIf(
          limit -> {
            boolean late = now - event.began > TimeUnit.MILLISECONDS.toNanos(limit);
            if (late) {
              count(limit, false);
            }
            return late;
          });
    }
  }

  private void count(long limit, boolean good) {
    Count count = counts.get(limit);
    if (count != null) {
      count.total++;
      count.good += good ? 1 : 0;
    }
  }

  /** Reads the counters. */
  synchronized void read(Readings readings) {
    if (!durations.isEmpty()) {
      readings.durations(signal, durations.take());
    }
    for (long limit : thresholds) {
      String key = Telemetry.key(signal, limit);
      Count count = counts.computeIfAbsent(limit, l -> new Count());
      readings.events(key, count.good, count.total);
      readings.open(key, open.stream().filter(e -> e.waiting.contains(limit)).count());
    }
  }
}

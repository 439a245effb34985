package dev.strata.agent.telemetry;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Time in garbage collection, of which all of the serial collector's is a pause, over wall time.
 */
final class GcTime {
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();
  private long pausedMillis = paused();
  private long atNanos = System.nanoTime();

  /** Adds milliseconds since the last call. */
  synchronized void addTo(Tally tally) {
    long paused = paused();
    long now = System.nanoTime();
    long wall = (now - atNanos) / 1_000_000;
    tally.add(Math.max(0, paused - pausedMillis), wall);
    pausedMillis = paused;
    atNanos += wall * 1_000_000;
  }

  private long paused() {
    // A collector that does not know its time says -1.
    return collectors.stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .filter(millis -> millis > 0)
        .sum();
  }
}

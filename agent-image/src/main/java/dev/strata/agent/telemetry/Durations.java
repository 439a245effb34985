package dev.strata.agent.telemetry;

import dev.strata.protocol.Telemetry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** How long events took, until they are told. Guarded by who owns it. */
final class Durations {
  private static final long MOST_MICROS = TimeUnit.HOURS.toMicros(1);

  /** Eight leading bits are kept: within half a percent, and some hundred different values. */
  private static final int BITS = 8;

  private final Map<Long, Long> counts = new TreeMap<>();

  void add(long nanos) {
    counts.merge(rounded(TimeUnit.NANOSECONDS.toMicros(nanos)), 1L, Long::sum);
  }

  /** The middle of the values that share their leading bits. */
  static long rounded(long micros) {
    long value = Math.clamp(micros, 0, MOST_MICROS);
    int spare = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - BITS);
    long half = spare == 0 ? 0 : 1L << (spare - 1);
    return Math.min((value >> spare << spare) + half, MOST_MICROS);
  }

  /** All of them, and begins anew. */
  Telemetry.Durations take() {
    var taken = new Telemetry.Durations(List.copyOf(counts.keySet()), List.copyOf(counts.values()));
    counts.clear();
    return taken;
  }

  boolean isEmpty() {
    return counts.isEmpty();
  }
}

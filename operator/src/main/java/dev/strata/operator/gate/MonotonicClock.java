package dev.strata.operator.gate;

import java.util.concurrent.TimeUnit;

/** The wall clock of the moment it was made, carried on by the monotonic one: it never jumps. */
final class MonotonicClock {
  private final long baseMillis = System.currentTimeMillis();
  private final long baseNanos = System.nanoTime();

  long millis() {
    return baseMillis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - baseNanos);
  }
}

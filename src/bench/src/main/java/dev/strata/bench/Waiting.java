package dev.strata.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for facts; each wait has a limit. */
final class Waiting {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long SELDOM_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private Waiting() {}

  /** Waits until it is so, and says what is the case when it is not within the limit. */
  static void until(Duration limit, BooleanSupplier fact, Supplier<String> otherwise) {
    if (!within(limit, fact)) {
      throw new IllegalStateException(
          "after " + limit.toSeconds() + " s still not: " + otherwise.get());
    }
  }

  /** The same for facts that cost the API server something to look at. */
  static void untilSeldom(Duration limit, BooleanSupplier fact, Supplier<String> otherwise) {
    if (!within(limit, SELDOM_NANOS, fact)) {
      throw new IllegalStateException(
          "after " + limit.toSeconds() + " s still not: " + otherwise.get());
    }
  }

  /** Whether it became so within the limit. */
  static boolean within(Duration limit, BooleanSupplier fact) {
    return within(limit, LOOK_NANOS, fact);
  }

  private static boolean within(Duration limit, long every, BooleanSupplier fact) {
    long end = System.nanoTime() + limit.toNanos();
    while (!fact.getAsBoolean()) {
      if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(every);
    }
    return true;
  }

  /**
   * Lets time pass: for things to settle of which there is no sign, and for the length of faults.
   */
  static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(Math.min(LOOK_NANOS * 10, end - System.nanoTime()));
    }
  }

  /** Milliseconds between two readings of the monotonic clock. */
  static double millis(long fromNanos, long toNanos) {
    return (toNanos - fromNanos) / 1e6;
  }
}

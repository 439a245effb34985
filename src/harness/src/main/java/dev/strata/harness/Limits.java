package dev.strata.harness;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for a fact, with a limit. */
final class Limits {
  private Limits() {}

  /**
   * Asks every few milliseconds until it is so.
   *
   * @param why the whole message of the exception when the time is over
   */
  static void await(Duration limit, Duration pause, BooleanSupplier fact, Supplier<String> why) {
    long end = System.nanoTime() + limit.toNanos();
    while (!fact.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(why.get());
      }
      try {
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting: " + why.get(), e);
      }
    }
  }
}

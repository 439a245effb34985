package dev.strata.agent.telemetry;

import java.util.concurrent.atomic.AtomicLong;

/** Two counters that only grow: good and all events, or numerator and denominator. */
public final class Tally {
  private final AtomicLong first = new AtomicLong();
  private final AtomicLong second = new AtomicLong();

  /** Counts an event. */
  public void count(boolean good) {
    add(good ? 1 : 0, 1);
  }

  /**
   * Adds to both; neither ever shrinks.
   *
   * @param toFirst at least 0
   * @param toSecond at least 0
   */
  public void add(long toFirst, long toSecond) {
    // All before good: whoever reads in between sees too few good ones, never too many.
    second.addAndGet(toSecond);
    first.addAndGet(toFirst);
  }

  long first() {
    return first.get();
  }

  long second() {
    return second.get();
  }
}

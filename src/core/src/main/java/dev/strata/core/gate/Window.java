package dev.strata.core.gate;

import java.time.Duration;

/**
 * What a judgement looks back on.
 *
 * @param span how far back at most
 * @param last how many events at most, the newest first; 0: all within the span
 */
public record Window(Duration span, long last) {
  private static final Duration LEAST_STEP = Duration.ofSeconds(10);
  private static final int STEPS = 30;

  /** A window of time alone. */
  public static Window of(Duration span) {
    return new Window(span, 0);
  }

  public Window {
    if (!span.isPositive() || last < 0) {
      throw new IllegalArgumentException("a window of " + span + " and " + last + " events");
    }
  }

  /** Whether events bound it rather than time. */
  public boolean counted() {
    return last > 0;
  }

  /**
   * How far apart two judgements are at least: a thirtieth of the window, and not under ten
   * seconds. A counted window moves with each event, so ten seconds are enough.
   */
  public Duration step() {
    Duration share = span.dividedBy(STEPS);
    return counted() || share.compareTo(LEAST_STEP) < 0 ? LEAST_STEP : share;
  }
}

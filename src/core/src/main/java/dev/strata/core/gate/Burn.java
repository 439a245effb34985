package dev.strata.core.gate;

import dev.strata.core.signal.Counts;
import java.time.Duration;

/**
 * From how fast on a share's error budget burns. With 95 % good events asked for, the budget is 5 %
 * of bad ones; it burns 14.4 times too fast when 72 % are bad. The long window shows that it
 * matters, the short one that it goes on: both have to say so. Source: B. Beyer et al., The Site
 * Reliability Workbook (2018), chapter 5.
 *
 * @param atLeast the share that must be good, 0.5 to below 1
 * @param factor above 1 and below 1 / (1 - atLeast): more than all events cannot be bad
 * @param longSpan longer than the short one
 * @param shortSpan at least two of the slots that events are kept in
 */
public record Burn(double atLeast, double factor, Duration longSpan, Duration shortSpan) {
  /** How finely events have to be kept, whatever the window of the target. */
  public static final Duration SLOT = Duration.ofSeconds(10);

  /** Fewer events do not show that anything goes on, however bad they are. */
  private static final long LEAST_SHORT = 5;

  /** 14.4 times 5 % is 72 %, and a little less or more in binary fractions. */
  private static final double ROUNDING = 1e-9;

  public Burn {
    if (!(factor > 1)) {
      throw new IllegalArgumentException("burn.factor is not above 1: write more, such as 14.4");
    }
    if (!reachable(atLeast, factor)) {
      throw new IllegalArgumentException(
          "burn.factor is never reached, even if all events are bad: write less than 1 / (1 - share)");
    }
    if (shortSpan.compareTo(SLOT.multipliedBy(2)) < 0 || shortSpan.compareTo(longSpan) >= 0) {
      throw new IllegalArgumentException(
          "burn.shortSeconds is under 20 or not below longSeconds: write less, such as a twelfth");
    }
  }

  /** Whether bad events alone burn the budget of a share so fast. */
  public static boolean reachable(double atLeast, double factor) {
    return factor * (1 - atLeast) < 1 - ROUNDING;
  }

  /** How many times too fast the budget burns; NaN without events. */
  public double rate(Counts counts) {
    return (1 - counts.share()) / (1 - atLeast);
  }

  /** Whether it burns at the factor or faster; not without events. */
  public boolean reached(Counts counts) {
    return rate(counts) >= factor * (1 - ROUNDING);
  }

  /** Events that the long window needs: as many as a verdict on the share. */
  public long longSamples() {
    return Bounds.leastSamples(atLeast);
  }

  /**
   * Events that the short window needs: so many that one of them is bad with 95 % confidence while
   * the budget burns at the factor, and five at least. Without a bad one it is over.
   */
  public long shortSamples() {
    return Math.max(LEAST_SHORT, Bounds.leastSamples(1 - factor * (1 - atLeast)));
  }

  /** How many slots reach back far enough. */
  public int slots() {
    return (int) Math.ceilDiv(longSpan.toMillis(), SLOT.toMillis()) + 2;
  }
}

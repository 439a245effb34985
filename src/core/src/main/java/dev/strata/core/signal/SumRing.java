package dev.strata.core.signal;

import java.time.Duration;
import java.util.Arrays;

/**
 * A numerator and a denominator by when they were measured, in slots of one length. Both are whole
 * numbers (nanoseconds, bytes), so the order of adding does not matter.
 */
public final class SumRing {
  private final Slots slots;
  private long mark;

  /**
   * @param slot length of a slot, which is a batch of the estimator too
   * @param size how many slots are kept
   */
  public SumRing(Duration slot, int size) {
    this.slots = new Slots(slot, size);
  }

  private SumRing(SavedRing saved) {
    this.slots = new Slots(saved);
    this.mark = saved.mark();
  }

  /**
   * Adds to both sums.
   *
   * @return false when it is older than the ring, and was left out
   */
  public boolean add(long atMillis, long above, long below) {
    if (above < 0 || below < 0) {
      throw new IllegalArgumentException("sums only grow, not by " + above + " over " + below);
    }
    boolean added = slots.add(atMillis, above, below);
    mark += added ? 1 : 0;
    return added;
  }

  /** The batches of a window with a denominator, oldest first. */
  public Batches within(long nowMillis, Duration span) {
    long last = slots.at(nowMillis);
    double[] above = new double[slots.size()];
    double[] below = new double[slots.size()];
    int n = 0;
    for (long slot = slots.oldest(last - slots.in(span) + 1, last); slot <= last; slot++) {
      if (slots.second(slot) > 0) {
        above[n] = slots.first(slot);
        below[n++] = slots.second(slot);
      }
    }
    return new Batches(Arrays.copyOf(above, n), Arrays.copyOf(below, n), mark);
  }

  /** Numerators and denominators of batches, and the mark of what was added last. */
  @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next, never compared
  public record Batches(double[] above, double[] below, long mark) {
    /** The sum of the numerators over that of the denominators; NaN without any. */
    public double ratio() {
      double all = Arrays.stream(below).sum();
      return all == 0 ? Double.NaN : Arrays.stream(above).sum() / all;
    }
  }

  /** As it can be kept. */
  public SavedRing save() {
    return slots.save(mark);
  }

  /** The ring that was kept. */
  public static SumRing restore(SavedRing saved) {
    return new SumRing(saved);
  }
}

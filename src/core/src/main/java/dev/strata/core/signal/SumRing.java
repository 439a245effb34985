package dev.strata.core.signal;

import java.time.Duration;
import java.util.Arrays;

/**
 * A numerator and a denominator by when they were measured, in slots of one length. Both are whole
 * numbers (nanoseconds, bytes), so the order of adding does not matter.
 */
public final class SumRing {
  private final long slotMillis;
  private final long[] slots;
  private final long[] numerator;
  private final long[] denominator;
  private long mark;

  /**
   * @param slot length of a slot, which is a batch of the estimator too
   * @param size how many slots are kept
   */
  public SumRing(Duration slot, int size) {
    this.slotMillis = slot.toMillis();
    this.slots = new long[size];
    this.numerator = new long[size];
    this.denominator = new long[size];
    Arrays.fill(slots, Long.MIN_VALUE);
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
    long slot = Math.floorDiv(atMillis, slotMillis);
    int i = Math.floorMod(slot, slots.length);
    if (slots[i] > slot) {
      return false;
    }
    if (slots[i] < slot) {
      slots[i] = slot;
      numerator[i] = 0;
      denominator[i] = 0;
    }
    numerator[i] += above;
    denominator[i] += below;
    mark++;
    return true;
  }

  /** The batches of a window with a denominator, oldest first. */
  public Batches within(long nowMillis, Duration span) {
    long last = Math.floorDiv(nowMillis, slotMillis);
    long from = last - Math.max(1, Math.ceilDiv(span.toMillis(), slotMillis)) + 1;
    double[] above = new double[slots.length];
    double[] below = new double[slots.length];
    int n = 0;
    for (long slot = Math.max(from, last - slots.length + 1); slot <= last; slot++) {
      int i = Math.floorMod(slot, slots.length);
      if (slots[i] == slot && denominator[i] > 0) {
        above[n] = numerator[i];
        below[n++] = denominator[i];
      }
    }
    return new Batches(Arrays.copyOf(above, n), Arrays.copyOf(below, n), mark);
  }

  /** Numerators and denominators of batches, and the mark of what was added last. */
  @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next, never compared
  public record Batches(double[] above, double[] below, long mark) {}

  /** As it can be kept. */
  public SavedRing save() {
    return SavedRing.of(slotMillis, mark, 0, slots, numerator, denominator);
  }

  /** The ring that was kept. */
  public static SumRing restore(SavedRing saved) {
    var ring = new SumRing(Duration.ofMillis(saved.slotMillis()), saved.size());
    saved.into(ring.slots, ring.numerator, ring.denominator);
    ring.mark = saved.mark();
    return ring;
  }
}

package dev.strata.core.signal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;

/** The values of one owner's gauge, as sums and counts in slots of ten seconds. */
public final class GaugeRing {
  private static final long SLOT_MILLIS = 10_000;

  private final long[] slots;
  private final double[] sums;
  private final int[] counts;
  private long mark;

  /**
   * @param span how far back it reaches
   */
  public GaugeRing(Duration span) {
    this((int) Math.ceilDiv(span.toMillis(), SLOT_MILLIS) + 1);
  }

  private GaugeRing(int size) {
    this.slots = new long[size];
    this.sums = new double[size];
    this.counts = new int[size];
    Arrays.fill(slots, Long.MIN_VALUE);
  }

  /**
   * Adds a value.
   *
   * @throws IllegalArgumentException when it is no number or below zero: a sentinel is no value
   */
  public void add(long atMillis, double value) {
    if (!Double.isFinite(value) || value < 0) {
      throw new IllegalArgumentException("a gauge of " + value);
    }
    long slot = Math.floorDiv(atMillis, SLOT_MILLIS);
    int i = Math.floorMod(slot, slots.length);
    if (slots[i] > slot) {
      return;
    }
    if (slots[i] < slot) {
      slots[i] = slot;
      sums[i] = 0;
      counts[i] = 0;
    }
    sums[i] += value;
    counts[i]++;
    mark++;
  }

  /** The mean over a window; NaN without a value. */
  public double mean(long nowMillis, Duration span) {
    double sum = 0;
    long count = 0;
    long last = Math.floorDiv(nowMillis, SLOT_MILLIS);
    for (long slot = first(last, span); slot <= last; slot++) {
      int i = Math.floorMod(slot, slots.length);
      if (slots[i] == slot) {
        sum += sums[i];
        count += counts[i];
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  /** How many values lie in a window. */
  public long samples(long nowMillis, Duration span) {
    long count = 0;
    long last = Math.floorDiv(nowMillis, SLOT_MILLIS);
    for (long slot = first(last, span); slot <= last; slot++) {
      int i = Math.floorMod(slot, slots.length);
      count += slots[i] == slot ? counts[i] : 0;
    }
    return count;
  }

  private long first(long last, Duration span) {
    return last - Math.min(Math.ceilDiv(span.toMillis(), SLOT_MILLIS), slots.length) + 1;
  }

  /** Grows with each value. */
  public long mark() {
    return mark;
  }

  /** As it can be kept. */
  SavedGauge save() {
    var saved =
        new SavedGauge(slots.length, mark, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] != Long.MIN_VALUE) {
        saved.slots().add(slots[i]);
        saved.sums().add(sums[i]);
        saved.counts().add(counts[i]);
      }
    }
    return saved;
  }

  /** The ring that was kept. */
  static GaugeRing restore(SavedGauge saved) {
    var ring = new GaugeRing(saved.size());
    for (int i = 0; i < saved.slots().size(); i++) {
      int at = Math.floorMod(saved.slots().get(i), ring.slots.length);
      ring.slots[at] = saved.slots().get(i);
      ring.sums[at] = saved.sums().get(i);
      ring.counts[at] = saved.counts().get(i);
    }
    ring.mark = saved.mark();
    return ring;
  }
}

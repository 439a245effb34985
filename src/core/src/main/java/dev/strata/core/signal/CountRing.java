package dev.strata.core.signal;

import java.time.Duration;
import java.util.Arrays;

/**
 * Events by when they happened, in slots of one length, for as long back as there are slots. Adding
 * is adding integers, so the order in which reports come in does not matter as long as they are not
 * older than the ring.
 */
public final class CountRing {
  private static final long EMPTY = Long.MIN_VALUE;

  private final long slotMillis;
  private final long[] slots;
  private final long[] good;
  private final long[] total;
  private long first = Long.MAX_VALUE;
  private long events;

  /**
   * @param slot length of a slot
   * @param size how many slots are kept, at least 1
   */
  public CountRing(Duration slot, int size) {
    this.slotMillis = slot.toMillis();
    this.slots = new long[size];
    this.good = new long[size];
    this.total = new long[size];
    Arrays.fill(slots, EMPTY);
  }

  /**
   * Adds events.
   *
   * @return false when they are older than the ring, and were left out
   */
  public boolean add(long atMillis, long moreGood, long moreTotal) {
    if (moreGood < 0 || moreTotal < moreGood) {
      throw new IllegalArgumentException("good " + moreGood + " of total " + moreTotal);
    }
    long slot = Math.floorDiv(atMillis, slotMillis);
    int i = Math.floorMod(slot, slots.length);
    if (slots[i] > slot) {
      return false;
    }
    if (slots[i] < slot) {
      slots[i] = slot;
      good[i] = 0;
      total[i] = 0;
    }
    good[i] += moreGood;
    total[i] += moreTotal;
    first = Math.min(first, slot);
    events += moreTotal;
    return true;
  }

  /**
   * The events of the slots that a window touches: the slot in which it ends, and so many before it
   * as the span has.
   */
  public Counts within(long nowMillis, Duration span) {
    long last = Math.floorDiv(nowMillis, slotMillis);
    return between(last - slotsOf(span) + 1, last);
  }

  /** The newest slots that hold at least so many events, within the span. */
  public Counts last(long nowMillis, Duration span, long events) {
    long slot = Math.floorDiv(nowMillis, slotMillis);
    long oldest = Math.max(slot - Math.min(slotsOf(span), slots.length) + 1, first);
    Counts sum = Counts.NONE;
    for (; slot >= oldest && sum.total() < events; slot--) {
      sum = sum.plus(slot(slot));
    }
    return sum;
  }

  /** The events of the slots with these numbers, both included. */
  public Counts between(long from, long to) {
    long goods = 0;
    long totals = 0;
    for (long slot = Math.max(from, to - slots.length + 1); slot <= to; slot++) {
      int i = Math.floorMod(slot, slots.length);
      if (slots[i] == slot) {
        goods += good[i];
        totals += total[i];
      }
    }
    return new Counts(goods, totals);
  }

  private Counts slot(long slot) {
    int i = Math.floorMod(slot, slots.length);
    return slots[i] == slot ? new Counts(good[i], total[i]) : Counts.NONE;
  }

  /** Events ever added: it grows with each. */
  public long events() {
    return events;
  }

  /** The number of the slot that a moment lies in. */
  public long slotAt(long millis) {
    return Math.floorDiv(millis, slotMillis);
  }

  /** How many slots a span has, at least one. */
  public long slotsOf(Duration span) {
    return Math.max(1, Math.ceilDiv(span.toMillis(), slotMillis));
  }

  /** Since when there are events, a slot's beginning; empty: Long.MAX_VALUE. */
  public long sinceMillis() {
    return first == Long.MAX_VALUE ? Long.MAX_VALUE : first * slotMillis;
  }

  /** As it can be kept. */
  public SavedRing save() {
    return SavedRing.of(slotMillis, events, first, slots, good, total);
  }

  /** The ring that was kept. */
  public static CountRing restore(SavedRing saved) {
    var ring = new CountRing(Duration.ofMillis(saved.slotMillis()), saved.size());
    saved.into(ring.slots, ring.good, ring.total);
    ring.events = saved.mark();
    ring.first = saved.first();
    return ring;
  }
}

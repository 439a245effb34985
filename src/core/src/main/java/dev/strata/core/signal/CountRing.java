package dev.strata.core.signal;

import java.time.Duration;

/**
 * Events by when they happened, in slots of one length, for as long back as there are slots. Adding
 * is adding integers, so the order in which reports come in does not matter as long as they are not
 * older than the ring.
 */
public final class CountRing {
  private final Slots slots;
  private long events;

  /**
   * @param slot length of a slot
   * @param size how many slots are kept, at least 1
   */
  public CountRing(Duration slot, int size) {
    this.slots = new Slots(slot, size);
  }

  private CountRing(SavedRing saved) {
    this.slots = new Slots(saved);
    this.events = saved.mark();
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
    boolean added = slots.add(atMillis, moreGood, moreTotal);
    if (added) {
      events += moreTotal;
    }
    return added;
  }

  /**
   * The events of the slots that a window touches: the slot in which it ends, and so many before it
   * as the span has.
   */
  public Counts within(long nowMillis, Duration span) {
    long last = slotAt(nowMillis);
    return between(last - slotsOf(span) + 1, last);
  }

  /** The events of the slots with these numbers, both included. */
  public Counts between(long from, long to) {
    long good = 0;
    long total = 0;
    for (long slot = slots.oldest(from, to); slot <= to; slot++) {
      good += slots.first(slot);
      total += slots.second(slot);
    }
    return new Counts(good, total);
  }

  /** All events of one slot. */
  long total(long slot) {
    return slots.second(slot);
  }

  /** Events ever added: it grows with each. */
  public long events() {
    return events;
  }

  /** The number of the slot that a moment lies in. */
  public long slotAt(long millis) {
    return slots.at(millis);
  }

  /** How many slots a span has, at least one. */
  public long slotsOf(Duration span) {
    return slots.in(span);
  }

  /** As it can be kept. */
  public SavedRing save() {
    return slots.save(events);
  }

  /** The ring that was kept. */
  public static CountRing restore(SavedRing saved) {
    return new CountRing(saved);
  }
}

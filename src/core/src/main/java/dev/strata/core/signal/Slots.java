package dev.strata.core.signal;

import java.time.Duration;
import java.util.Arrays;

/**
 * Two whole numbers by when they came in, in slots of one length, for as long back as there are
 * slots: what a ring of events and a ring of sums have in common. What is older than the slots that
 * are kept is left out.
 */
final class Slots {
  private static final long EMPTY = Long.MIN_VALUE;

  private final long slotMillis;
  private final long[] slots;
  private final long[] firsts;
  private final long[] seconds;

  /**
   * @param slot length of a slot
   * @param size how many slots are kept, at least 1
   */
  Slots(Duration slot, int size) {
    this.slotMillis = slot.toMillis();
    this.slots = new long[size];
    this.firsts = new long[size];
    this.seconds = new long[size];
    Arrays.fill(slots, EMPTY);
  }

  /** The slots that were kept. */
  Slots(SavedRing saved) {
    this(Duration.ofMillis(saved.slotMillis()), saved.size());
    saved.into(slots, firsts, seconds);
  }

  /**
   * Adds to both numbers.
   *
   * @return false when it is older than the slots, and was left out
   */
  boolean add(long atMillis, long first, long second) {
    long slot = at(atMillis);
    int i = Math.floorMod(slot, slots.length);
    if (slots[i] > slot) {
      return false;
    }
    if (slots[i] < slot) {
      slots[i] = slot;
      firsts[i] = 0;
      seconds[i] = 0;
    }
    firsts[i] += first;
    seconds[i] += second;
    return true;
  }

  /** The number of the slot that a moment lies in. */
  long at(long millis) {
    return Math.floorDiv(millis, slotMillis);
  }

  /** How many slots a span has, at least one. */
  long in(Duration span) {
    return Math.max(1, Math.ceilDiv(span.toMillis(), slotMillis));
  }

  /** The oldest of the slots up to this one that may still be kept, not before another. */
  long oldest(long from, long to) {
    return Math.max(from, to - slots.length + 1);
  }

  /** The first number of a slot; 0 when it is not kept or was never filled. */
  long first(long slot) {
    int i = Math.floorMod(slot, slots.length);
    return slots[i] == slot ? firsts[i] : 0;
  }

  /** The second number of a slot, likewise. */
  long second(long slot) {
    int i = Math.floorMod(slot, slots.length);
    return slots[i] == slot ? seconds[i] : 0;
  }

  /** How many slots are kept. */
  int size() {
    return slots.length;
  }

  /**
   * As they can be kept.
   *
   * @param mark what the ring was ever given
   */
  SavedRing save(long mark) {
    return SavedRing.of(slotMillis, mark, slots, firsts, seconds);
  }
}

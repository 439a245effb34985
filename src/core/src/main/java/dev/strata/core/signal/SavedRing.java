package dev.strata.core.signal;

import java.util.ArrayList;
import java.util.List;

/**
 * A ring as it can be kept outside of the process: its filled slots.
 *
 * @param slotMillis length of a slot
 * @param size how many slots it has
 * @param mark what was ever added
 * @param slots numbers of the filled slots
 * @param as what the first of two arrays has there
 * @param bs what the second has there
 */
public record SavedRing(
    long slotMillis, int size, long mark, List<Long> slots, List<Long> as, List<Long> bs) {

  static SavedRing of(long slotMillis, long mark, long[] slots, long[] as, long[] bs) {
    var saved =
        new SavedRing(
            slotMillis,
            slots.length,
            mark,
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] != Long.MIN_VALUE) {
        saved.slots.add(slots[i]);
        saved.as.add(as[i]);
        saved.bs.add(bs[i]);
      }
    }
    return saved;
  }

  /** Fills the arrays of an empty ring of the same size. */
  void into(long[] ring, long[] first, long[] second) {
    for (int i = 0; i < slots.size(); i++) {
      int at = Math.floorMod(slots.get(i), ring.length);
      ring[at] = slots.get(i);
      first[at] = as.get(i);
      second[at] = bs.get(i);
    }
  }
}

package dev.strata.core.signal;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * All signals of a pool as they can be kept, so that another operator goes on where one ended.
 *
 * @param expectedUntil until when it is known who should have been heard, in milliseconds since
 *     1970; 0: nobody was expected yet
 */
public record SavedSignals(
    Map<String, List<SavedRing>> events,
    Map<String, List<SavedRing>> recent,
    Map<String, SavedRing> sums,
    Map<String, Map<String, SavedRing>> ownSums,
    Map<String, Map<String, SavedGauge>> gauges,
    Map<String, SavedStream> streams,
    SavedRing heard,
    SavedRing expected,
    long expectedUntil) {

  public SavedSignals {
    // Not in what an operator of an earlier version has kept.
    ownSums = Objects.requireNonNullElse(ownSums, Map.of());
    recent = Objects.requireNonNullElse(recent, Map.of());
  }
}

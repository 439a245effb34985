package dev.strata.core.signal;

import java.util.List;
import java.util.Map;

/** All signals of a pool as they can be kept, so that another operator goes on where one ended. */
public record SavedSignals(
    Map<String, List<SavedRing>> events,
    Map<String, SavedRing> sums,
    Map<String, Map<String, SavedGauge>> gauges,
    Map<String, SavedStream> streams,
    SavedRing heard,
    SavedRing expected) {}

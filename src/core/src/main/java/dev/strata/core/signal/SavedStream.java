package dev.strata.core.signal;

import java.util.Map;

/**
 * What is known of one process' reports, as it can be kept.
 *
 * @param agent whose process it is
 * @param firstSecond second of its first report
 * @param firstHeard when that came in
 * @param totals its counters, without their seconds
 * @param lost open events that have been counted as bad
 * @param open events that had begun
 * @param second up to which it is folded
 * @param heard when its last report came in
 * @param gone when it was gone; Long.MAX_VALUE while it is there
 */
public record SavedStream(
    String agent,
    long firstSecond,
    long firstHeard,
    Map<String, Series> totals,
    Map<String, Long> lost,
    Map<String, Long> open,
    long second,
    long heard,
    long gone) {}

package dev.strata.core.signal;

import java.util.List;

/**
 * A gauge's ring as it can be kept outside of the process.
 *
 * @param size how many slots it has
 * @param mark values ever added
 * @param slots numbers of the filled slots
 * @param sums of the values there
 * @param counts of the values there
 */
public record SavedGauge(
    int size, long mark, List<Long> slots, List<Double> sums, List<Integer> counts) {}

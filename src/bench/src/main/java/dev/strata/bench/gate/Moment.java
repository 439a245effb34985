package dev.strata.bench.gate;

import dev.strata.core.signal.CountRing;
import dev.strata.core.signal.Counts;
import org.jspecify.annotations.Nullable;

/**
 * What a judge sees in one second.
 *
 * @param ring all events that the operator knows; null where only the latest ones are judged
 * @param window the events of the window
 * @param mark events that there ever were
 * @param heard share of the agents that are heard of; NaN of too young a pool
 */
record Moment(
    @Nullable CountRing ring,
    Counts window,
    long mark,
    double heard,
    Operator operator,
    long millis) {}

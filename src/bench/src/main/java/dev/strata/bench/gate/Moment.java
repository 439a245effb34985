package dev.strata.bench.gate;

import dev.strata.core.signal.CountRing;
import dev.strata.core.signal.Counts;

/**
 * What a judge sees in one second.
 *
 * @param ring all events that the operator knows
 * @param window the events of the window
 * @param heard share of the agents that are heard of; NaN of too young a pool
 */
record Moment(CountRing ring, Counts window, double heard, Operator operator, long millis) {}

/**
 * What agents report, folded into rings: counts, sums and gauges by time, in any order and with
 * reports lost or doubled. Time is passed in as milliseconds of one clock.
 */
@NullMarked
package dev.strata.core.signal;

import org.jspecify.annotations.NullMarked;

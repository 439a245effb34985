/**
 * Is a performance target met, and what follows from it: counts in rings, estimators with their
 * bounds, a verdict with memory, and the summary of a gate. Time is passed in as milliseconds of
 * one clock.
 */
@NullMarked
package dev.strata.core.gate;

import org.jspecify.annotations.NullMarked;

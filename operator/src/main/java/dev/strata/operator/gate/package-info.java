/**
 * Quality gates: telemetry comes in, is folded into the rings of its pool, judged against the
 * targets of each gate, and reported as the gate's status. What is decided is decided in
 * dev.strata.core.gate.
 */
@NullMarked
package dev.strata.operator.gate;

import org.jspecify.annotations.NullMarked;

/**
 * The operator: a thin shell around the planner. Start with {@link
 * dev.strata.operator.PoolReconciler}: observe, decide, act, report.
 */
@NullMarked
package dev.strata.operator;

import org.jspecify.annotations.NullMarked;

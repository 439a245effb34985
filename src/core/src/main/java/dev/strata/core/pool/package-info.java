/**
 * How many agents, and which to start, stop or replace. Takes a view of one pool and gives a plan;
 * touches nothing.
 *
 * <p>Read {@link dev.strata.core.pool.PoolPlanner} first: it is the list of questions, each
 * answered in a file of its own.
 */
@NullMarked
package dev.strata.core.pool;

import org.jspecify.annotations.NullMarked;

/**
 * An agent: one process of a pool that connects, waits for an identity, and then executes tasks.
 */
@NullMarked
package dev.strata.agent;

import org.jspecify.annotations.NullMarked;

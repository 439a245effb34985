/** What the agent measures of itself, and how it is told to the operator. */
@NullMarked
package dev.strata.agent.telemetry;

import org.jspecify.annotations.NullMarked;

/** The agent's HTTP side: the task API, health and metrics. */
@NullMarked
package dev.strata.agent.http;

import org.jspecify.annotations.NullMarked;

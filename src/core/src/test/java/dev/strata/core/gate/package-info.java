/** Tables, properties and replays of the planner. */
package dev.strata.core.gate;

package dev.strata.agent.validation;

import dev.strata.protocol.Task;

/**
 * An output, and what it is the answer to.
 *
 * @param attempt the attempt that gave it, 1 for the first
 */
public record Answer(Task task, int attempt, String output) {}

package dev.strata.protocol;

/**
 * A task that was given up, with all that is needed to submit it again.
 *
 * @param result how its last attempt ended
 * @param task what was asked
 */
public record DeadLetter(TaskResult result, Task task) {}

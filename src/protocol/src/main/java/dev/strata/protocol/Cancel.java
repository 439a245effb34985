package dev.strata.protocol;

/**
 * Tells whoever executes a task to stop.
 *
 * @param id the task
 */
public record Cancel(String id) {}

package dev.strata.protocol;

/**
 * Tells whoever executes a task to stop, and the operator to take it out of its stream. Sent after
 * its result was stored.
 *
 * @param id the task
 */
public record Cancel(String id) {}

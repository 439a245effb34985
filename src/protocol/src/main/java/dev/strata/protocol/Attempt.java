package dev.strata.protocol;

/**
 * What is known of the failed attempts of a task, kept at the server so that it survives the agent:
 * handler attempts are counted apart from deliveries.
 *
 * @param id the task
 * @param failed attempts that failed so far
 * @param error the last one's reason
 * @param firstFailedAtMillis when the first one failed, since 1970; 0: none did
 */
public record Attempt(String id, int failed, String error, long firstFailedAtMillis) {}

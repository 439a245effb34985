package dev.strata.agent.handler;

/**
 * What a handler is told.
 *
 * @param taskId the task; the same for each attempt, so a handler may use it for idempotency
 * @param input plain text or JSON text, as submitted
 * @param attempt 1 for the first
 * @param identity the identity of the agent, {@code <pool>-<ordinal>}
 * @param epoch epoch of that identity
 * @param pod name of the pod
 */
public record TaskInput(
    String taskId, String input, int attempt, String identity, long epoch, String pod) {}

package dev.strata.protocol;

import org.jspecify.annotations.Nullable;

/**
 * How a task ended. There is at most one per task: the first one stored wins at the server.
 *
 * @param id the task
 * @param status how it ended
 * @param output what the handler gave; null unless {@link Status#DONE}
 * @param error why it failed, a machine reason first, such as {@code Timeout: ...}; null when done
 * @param attempts handler attempts, the last one included
 * @param deliveries how often the server delivered the task, lost deliveries included
 * @param agent identity of the agent that ended it
 * @param epoch epoch of that identity
 * @param pod its pod
 * @param submittedAtMillis copied from the task
 * @param startedAtMillis start of the last attempt, agent's wall clock
 * @param finishedAtMillis end of the last attempt, agent's wall clock
 */
public record TaskResult(
    String id,
    Status status,
    @Nullable String output,
    @Nullable String error,
    int attempts,
    long deliveries,
    @Nullable String agent,
    long epoch,
    String pod,
    long submittedAtMillis,
    long startedAtMillis,
    long finishedAtMillis) {

  /** How a task can end. */
  public enum Status {
    DONE,
    FAILED,
    CANCELLED
  }
}

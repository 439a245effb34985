package dev.strata.core.pool;

/**
 * Why a pod does not start, or why it ended.
 *
 * @param reason the API's machine reason, such as Unschedulable, ErrImagePull,
 *     CreateContainerConfigError, Error
 * @param message the API's sentence or the last words of the container
 * @param exitCode exit code of the agent's container; 0 when it did not end
 */
public record Trouble(String reason, String message, int exitCode) {
  boolean unschedulable() {
    return reason.equals("Unschedulable");
  }
}

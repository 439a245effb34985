package dev.strata.agent.handler;

/**
 * What executes tasks. A class of a user's own implements this, is named in {@code
 * META-INF/services/dev.strata.agent.handler.TaskHandler} of its jar, has a constructor without
 * parameters, and is chosen by {@link #name()}.
 *
 * <p>{@link #handle} is called from as many threads at a time as the pool's concurrency says; twice
 * as many where a majority judges outputs, and there several agents execute the same task. At the
 * task's timeout its thread is interrupted; a handler that goes on all the same is abandoned. One
 * that owns something implements {@link AutoCloseable} too.
 */
public interface TaskHandler {
  /**
   * The name that a pool's {@code handler.java.name} selects it by; {@code echo} and {@code sleep}
   * are the image's own.
   */
  String name();

  /**
   * Executes one attempt of a task.
   *
   * @return the output: plain text or JSON text
   * @throws Exception when the attempt failed; its message becomes the reason
   */
  String handle(TaskInput input) throws Exception;
}

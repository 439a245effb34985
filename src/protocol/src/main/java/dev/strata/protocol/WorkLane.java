package dev.strata.protocol;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The stored lane of one pool: tasks, results, attempts and dead letters. Execution is at least
 * once, the result exactly once for as long as results are retained.
 */
public interface WorkLane {
  /** What became of a submission. */
  enum Submission {
    /** Stored; it will be executed. */
    STORED,
    /** The same id is queued, being executed, or has a result already. */
    DUPLICATE,
    /** The stream is at its byte limit: nothing was stored, try again later (429). */
    FULL
  }

  /** Where a task is. */
  enum Whereabouts {
    QUEUED_OR_RUNNING,
    UNKNOWN
  }

  /**
   * Stores a task. Looks at the result first, because a duplicate window forgets.
   *
   * @throws TransportException when the engine did not answer; submit again with the same id
   */
  Submission submit(Task task, Priority priority);

  /** The stored result of a task, if there is one. */
  Optional<TaskResult> result(String taskId);

  /** Whether a task without a result is in the stream. */
  Whereabouts whereabouts(String taskId);

  /** Waits for the result of a task; empty when there was none within the limit. */
  Optional<TaskResult> awaitResult(String taskId, Duration limit) throws InterruptedException;

  /**
   * Takes up to {@code max} tasks of one priority, waiting at most {@code wait} for the first; zero
   * asks for what is there now.
   *
   * @throws TransportException when the engine cannot be reached
   */
  List<Delivery> fetch(Priority priority, int max, Duration wait) throws InterruptedException;

  /**
   * Stores a result unless the task has one.
   *
   * @return true when this one was stored, false when another one was there first
   * @throws TransportException when the engine did not answer: the outcome is not known, call again
   */
  boolean storeResult(TaskResult result);

  /** Stores a dead letter; a second one for the same task replaces the first. */
  void storeDeadLetter(TaskResult result, Task task);

  /** What is recorded of failed attempts; empty when none failed. */
  Optional<Attempt> attempt(String taskId);

  /** Records the failed attempts so far. */
  void storeAttempt(Attempt attempt);

  /** A task in this agent's hands until it is acked, handed back or times out. */
  interface Delivery {
    Task task();

    Priority priority();

    /** How often the server has delivered it, this time included. */
    long deliveries();

    /** Tells the server that it is being worked on; to be called every third of the ack wait. */
    void inProgress();

    /**
     * Ends it: only after its result is stored. Waits for the server's confirmation, at most a
     * second.
     */
    boolean ack();

    /** Hands it back, to be delivered again after the delay. */
    void handBack(Duration delay);
  }
}

package dev.strata.agent.validation;

import dev.strata.protocol.Attempt;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Task;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.TaskResult.Status;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkLane;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The lane of a verifier pool whose agents answer everything alike, or nothing. */
final class FakeVerifierPool implements WorkLane {
  private final List<Task> tasks = new CopyOnWriteArrayList<>();
  private final Map<String, TaskResult> results = new ConcurrentHashMap<>();
  private Submission refusal = Submission.STORED;
  private boolean away;
  private Status status = Status.DONE;
  private String output;

  /** Gives this output from now on. */
  FakeVerifierPool answers(String text) {
    output = text;
    return this;
  }

  /** Fails every task. */
  FakeVerifierPool fails() {
    status = Status.FAILED;
    output = "true";
    return this;
  }

  /** Has no room. */
  FakeVerifierPool full() {
    refusal = Submission.FULL;
    return this;
  }

  /** Cannot be reached. */
  FakeVerifierPool away() {
    away = true;
    return this;
  }

  /** What it was asked, repetitions left out. */
  List<Task> tasks() {
    return tasks;
  }

  @Override
  public Submission submit(Task task, Priority priority) {
    if (away) {
      throw new TransportException("away");
    }
    if (refusal == Submission.FULL) {
      return refusal;
    }
    if (tasks.stream().anyMatch(t -> t.id().equals(task.id()))) {
      return Submission.DUPLICATE;
    }
    tasks.add(task);
    if (output != null) {
      results.put(
          task.id(),
          new TaskResult(task.id(), status, output, null, 1, 1, "checkers-0", 1, "pod", 1, 1, 1));
    }
    return Submission.STORED;
  }

  @Override
  public Optional<TaskResult> result(String taskId) {
    return Optional.ofNullable(results.get(taskId));
  }

  @Override
  public Optional<TaskResult> awaitResult(String taskId, Duration limit)
      throws InterruptedException {
    if (!results.containsKey(taskId)) {
      Thread.sleep(limit);
    }
    return result(taskId);
  }

  @Override
  public Whereabouts whereabouts(String taskId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Delivery> fetch(Priority priority, int max, Duration wait) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean storeResult(TaskResult result) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void storeDeadLetter(TaskResult result, Task task) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Attempt> attempt(String taskId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void storeAttempt(Attempt attempt) {
    throw new UnsupportedOperationException();
  }
}

package dev.strata.agent.work;

import dev.strata.agent.Counts;
import dev.strata.agent.Log;
import dev.strata.agent.Membership;
import dev.strata.agent.handler.HandlerFailure;
import dev.strata.agent.telemetry.Deliveries;
import dev.strata.agent.telemetry.Timed;
import dev.strata.agent.validation.Answer;
import dev.strata.agent.validation.Judgement;
import dev.strata.agent.validation.Validation;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.Attempt;
import dev.strata.protocol.PayloadTooLargeException;
import dev.strata.protocol.Task;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.TaskResult.Status;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkLane;
import dev.strata.protocol.WorkLane.Delivery;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the end of an attempt: a stored result and then the ack, never the other way
 * round; or another attempt later; or, after the last one, a dead letter and a failed result.
 */
final class Conclusion {
  /** How long to try to store one result while the server is away or the agent is suspect. */
  private static final Duration STORE_LIMIT = Duration.ofMinutes(10);

  /** So that the dead letter of the largest task still is a message. */
  private static final int ERROR_CHARS = 4096;

  private static final long HOLD_MILLIS = 50;
  private static final long AGAIN_MILLIS = 200;

  private final WorkLane lane;
  private final AgentConfig config;
  private final Gate gate;
  private final Validation validation;
  private final Counts counts;
  private final String pod;
  private final Log log;

  Conclusion(
      WorkLane lane,
      AgentConfig config,
      Validation validation,
      Gate gate,
      Counts counts,
      String pod,
      Log log) {
    this.lane = lane;
    this.config = config;
    this.validation = validation;
    this.gate = gate;
    this.counts = counts;
    this.pod = pod;
    this.log = log;
  }

  /**
   * What is known of an attempt when it ends.
   *
   * @param holder what the agent was when it took the task
   * @param failed attempts that had failed before
   * @param firstFailedAtMillis when the first of them failed; 0: none did
   * @param answer the operation that is timed up to its stored result
   */
  record Course(
      Delivery delivery,
      Membership.State holder,
      int failed,
      long firstFailedAtMillis,
      long startedAtMillis,
      Timed.Event answer) {
    /** What the attempt gave. */
    Answer given(String output) {
      return new Answer(delivery.task(), failed + 1, output);
    }
  }

  /**
   * Carries it out.
   *
   * @param freeSlot called once nothing but the ack is left to do
   */
  void conclude(Course course, Outcome outcome, Runnable freeSlot) throws InterruptedException {
    try {
      carryOut(course, outcome, freeSlot);
    } finally {
      // Somebody's wish, or in other hands now: no fault of the handler's.
      course.answer().withdraw();
    }
  }

  private void carryOut(Course course, Outcome outcome, Runnable freeSlot)
      throws InterruptedException {
    switch (outcome) {
      case Outcome.Done done -> done(course, done, freeSlot);
      case Outcome.Failed(var error) -> failed(course, error, freeSlot);
      case Outcome.Cancelled() ->
          store(
              course,
              result(course, Status.CANCELLED, null, "Cancelled: as asked"),
              () -> {},
              freeSlot);
      case Outcome.HandBack() -> handBack(course, Duration.ZERO);
      case Outcome.Drop() -> {}
    }
  }

  private void done(Course course, Outcome.Done done, Runnable freeSlot)
      throws InterruptedException {
    try {
      store(
          course,
          result(course, Status.DONE, done.output(), null),
          () ->
              validation.stored(
                  course.given(done.output()), done.judgement(), counts.signals::judged),
          () -> {
            course.answer().end(!(done.judgement() instanceof Judgement.Incorrect));
            freeSlot.run();
          });
    } catch (PayloadTooLargeException e) {
      failed(course, "OutputTooLarge: " + e.getMessage(), freeSlot);
    }
  }

  private void failed(Course course, String error, Runnable freeSlot) throws InterruptedException {
    course.answer().end(false);
    counts.failedAttempts.incrementAndGet();
    int attempts = course.failed() + 1;
    if (attempts >= config.maxAttempts()) {
      giveUp(course, error, freeSlot);
    } else if (cleared(course, () -> lane.storeAttempt(attempt(course, attempts, error)))) {
      handBack(course, backoff(attempts));
    }
  }

  private static long firstFailure(Course course) {
    return course.firstFailedAtMillis() > 0
        ? course.firstFailedAtMillis()
        : System.currentTimeMillis();
  }

  private static Attempt attempt(Course course, int failed, String error) {
    return new Attempt(course.delivery().task().id(), failed, bounded(error), firstFailure(course));
  }

  /** The delay after the n-th failed attempt: doubled each time, up to the bound. */
  private Duration backoff(int failed) {
    long doubled = config.backoffMillis() << Math.min(failed - 1, 20);
    return Duration.ofMillis(Math.min(doubled, config.maxBackoffMillis()));
  }

  /** Writes the dead letter and then the failed result. */
  void giveUp(Course course, String error, Runnable freeSlot) throws InterruptedException {
    TaskResult result = result(course, Status.FAILED, null, error);
    if (cleared(course, () -> bury(result, course.delivery().task(), error))) {
      store(
          course,
          result,
          () -> counts.signals.judged(validation.judgeFailed(course.delivery().task())),
          freeSlot);
    }
  }

  /** Not a task that another agent has done meanwhile. */
  private void bury(TaskResult result, Task task, String error) {
    if (lane.result(task.id()).isEmpty()) {
      lane.storeDeadLetter(result, task);
      log.warn("task " + task.id() + " given up: " + HandlerFailure.firstLine(error));
    }
  }

  /**
   * @param ours called when no other result was stored before
   */
  private void store(Course course, TaskResult result, Runnable ours, Runnable freeSlot)
      throws InterruptedException {
    if (cleared(course, () -> count(course, result, lane.storeResult(result), ours))) {
      freeSlot.run();
      // Not confirmed? Then it comes again, its result is found, and it is acked.
      course.delivery().ack();
    }
  }

  private void count(Course course, TaskResult result, boolean stored, Runnable ours) {
    if (!stored) {
      counts.lateResults.incrementAndGet();
      return;
    }
    ours.run();
    recovered(course, result.status());
    switch (result.status()) {
      case DONE -> counts.done.incrementAndGet();
      case FAILED -> counts.failed.incrementAndGet();
      case CANCELLED -> counts.cancelled.incrementAndGet();
    }
  }

  /** A task that failed and was done in the end has healed by itself. */
  private void recovered(Course course, Status status) {
    if (status == Status.FAILED || (status == Status.DONE && course.failed() > 0)) {
      long took = Math.max(0, System.currentTimeMillis() - firstFailure(course));
      counts.signals.recovery.ended(status == Status.DONE, TimeUnit.MILLISECONDS.toNanos(took));
    }
  }

  /**
   * Stores something as soon as the agent may, however long the server is away.
   *
   * @return false when it may not any more; then the task is in other hands
   */
  private boolean cleared(Course course, Runnable store) throws InterruptedException {
    long deadline = System.nanoTime() + STORE_LIMIT.toNanos();
    Deliveries.Sent message = counts.signals.delivery.send(TaskRun.HOLD);
    try {
      return cleared(course, store, message, deadline);
    } finally {
      message.withdraw();
    }
  }

  private boolean cleared(Course course, Runnable store, Deliveries.Sent message, long deadline)
      throws InterruptedException {
    while (System.nanoTime() - deadline < 0) {
      switch (gate.mayStore()) {
        case STORE -> {
          if (tried(store)) {
            message.acknowledged();
            return true;
          }
          Thread.sleep(AGAIN_MILLIS);
        }
        case HOLD -> Thread.sleep(HOLD_MILLIS);
        case HAND_BACK -> {
          handBack(course, Duration.ZERO);
          return false;
        }
        case DROP -> {
          return false;
        }
      }
    }
    handBack(course, Duration.ZERO);
    return false;
  }

  private boolean tried(Runnable store) {
    try {
      store.run();
      return true;
    } catch (TransportException e) {
      log.warn(e.getMessage() + "; trying again");
      return false;
    }
  }

  private void handBack(Course course, Duration delay) {
    if (delay.isZero()) {
      counts.handedBack.incrementAndGet();
    }
    course.delivery().handBack(delay);
  }

  /** A handler's or validator's sentence may be as long as the output that it quotes. */
  private static String bounded(String error) {
    return error.length() > ERROR_CHARS ? error.substring(0, ERROR_CHARS) + " ..." : error;
  }

  private TaskResult result(
      Course course, Status status, @Nullable String output, @Nullable String error) {
    return new TaskResult(
        course.delivery().task().id(),
        status,
        output,
        error == null ? null : bounded(error),
        status == Status.CANCELLED ? course.failed() : course.failed() + 1,
        course.delivery().deliveries(),
        course.holder().identity(),
        course.holder().epoch(),
        pod,
        course.delivery().task().submittedAtMillis(),
        course.startedAtMillis(),
        System.currentTimeMillis());
  }
}

package dev.strata.agent.work;

import dev.strata.agent.Membership;
import dev.strata.agent.handler.TaskInput;
import dev.strata.agent.telemetry.Signals;
import dev.strata.agent.telemetry.Timed;
import dev.strata.agent.validation.Judgement;
import dev.strata.agent.validation.Validation;
import dev.strata.protocol.Attempt;
import dev.strata.protocol.MalformedEnvelopeException;
import dev.strata.protocol.WorkLane;
import dev.strata.protocol.WorkLane.Delivery;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** One delivered task in this agent's hands, from its delivery to its ack. */
final class TaskRun implements Runnable {
  static final Duration LATER = Duration.ofSeconds(1);

  /** How long a finished task is still claimed while its result cannot be stored. */
  static final Duration HOLD = Duration.ofSeconds(35);

  private final Delivery delivery;
  private final Membership.State holder;
  private final WorkLane lane;
  private final Execution execution;
  private final Conclusion conclusion;
  private final Validation validation;
  private final Executor workers;
  private final TaskLoop loop;
  private final int maxAttempts;
  private final String pod;
  private final long claimedUntil;
  private final AtomicBoolean slotFreed = new AtomicBoolean();
  private final Signals signals;
  private final long began = System.nanoTime();
  private volatile long handlerNanos;

  TaskRun(
      Delivery delivery,
      Membership.State holder,
      Tools tools,
      Execution execution,
      Executor workers,
      TaskLoop loop) {
    this.delivery = delivery;
    this.holder = holder;
    this.lane = tools.lane();
    this.conclusion = tools.conclusion();
    this.validation = tools.validation();
    this.execution = execution;
    this.workers = workers;
    this.loop = loop;
    this.maxAttempts = tools.config().maxAttempts();
    this.pod = tools.pod();
    this.signals = tools.signals();
    this.claimedUntil =
        System.nanoTime()
            + Duration.ofMillis(tools.config().taskTimeoutMillis())
                .plus(tools.validation().limit())
                .plus(HOLD)
                .toNanos();
  }

  String taskId() {
    return delivery.task().id();
  }

  void inProgress() {
    if (System.nanoTime() - claimedUntil < 0) {
      delivery.inProgress();
    }
  }

  void stop(Stop reason) {
    execution.stop(reason);
  }

  @Override
  public void run() {
    try {
      Optional<Attempt> before = before();
      if (before.isPresent()) {
        attempt(before.get());
      } else {
        delivery.ack();
        loop.ended(this);
      }
    } catch (RuntimeException | Error e) {
      // The lane is away, or somebody's code failed: nothing was stored, so it comes again.
      delivery.handBack(LATER);
      loop.ended(this);
    }
  }

  /** The attempts so far; empty when the task has a result and only its ack was lost. */
  private Optional<Attempt> before() {
    var none = new Attempt(taskId(), 0, "", 0);
    if (delivery.deliveries() <= 1) {
      return Optional.of(none);
    }
    try {
      if (lane.result(taskId()).isPresent()) {
        return Optional.empty();
      }
    } catch (MalformedEnvelopeException e) {
      // One that cannot be read is there, and no other can be stored beside it.
      return Optional.empty();
    }
    try {
      return Optional.of(lane.attempt(taskId()).orElse(none));
    } catch (MalformedEnvelopeException e) {
      return Optional.of(none);
    }
  }

  private void attempt(Attempt before) {
    String hopeless = hopeless(before);
    Timed.Event answer = signals.responseTime.begin();
    if (!hopeless.isEmpty()) {
      // Its attempts were counted when they failed.
      answer.withdraw();
      var course = course(before, before.failed() - 1, 0, answer);
      finish(() -> conclusion.giveUp(course, hopeless, this::freeSlot));
      return;
    }
    var course = course(before, before.failed(), System.currentTimeMillis(), answer);
    var input =
        new TaskInput(
            taskId(),
            delivery.task().input(),
            before.failed() + 1,
            String.valueOf(holder.identity()),
            holder.epoch(),
            pod);
    long called = System.nanoTime();
    Outcome outcome =
        execution.call(input, given -> workers.execute(() -> answered(course, given, called)));
    if (outcome != null) {
      answered(course, outcome, called);
    }
  }

  private void answered(Conclusion.Course course, Outcome given, long called) {
    // A vote of other agents is no work of the handler's.
    handlerNanos = System.nanoTime() - called;
    conclude(course, judged(course, given));
  }

  private Outcome judged(Conclusion.Course course, Outcome given) {
    if (!(given instanceof Outcome.Done done) || !validation.judges()) {
      return given;
    }
    Judgement judgement = validation.judge(course.given(done.output()));
    return validation.failing() && judgement instanceof Judgement.Incorrect(String why)
        ? new Outcome.Failed("ValidationFailed: " + why)
        : new Outcome.Done(done.output(), judgement);
  }

  /** Why there is to be no further attempt, or an empty text. */
  private String hopeless(Attempt before) {
    if (before.failed() >= maxAttempts) {
      return before.error();
    }
    // A task that kills its agent never fails an attempt: it must end all the same.
    long limit = 10L * maxAttempts + 20;
    return delivery.deliveries() > limit
        ? "DeliveredTooOften: delivered " + delivery.deliveries() + " times without an end"
        : "";
  }

  private Conclusion.Course course(
      Attempt before, int failed, long startedAtMillis, Timed.Event answer) {
    return new Conclusion.Course(
        delivery, holder, failed, before.firstFailedAtMillis(), startedAtMillis, answer);
  }

  private void conclude(Conclusion.Course course, Outcome outcome) {
    finish(() -> conclusion.conclude(course, outcome, this::freeSlot));
  }

  private void finish(Ending ending) {
    try {
      ending.run();
    } catch (InterruptedException e) {
      // The agent ends now; the server hands the task to another one after the ack wait.
      Thread.currentThread().interrupt();
    } finally {
      long all = System.nanoTime() - began;
      signals.coordination.add(Math.max(0, all - handlerNanos), all);
      loop.ended(this);
    }
  }

  /** Gives the slot back, once. */
  void freeSlot() {
    if (slotFreed.compareAndSet(false, true)) {
      loop.freeSlot();
    }
  }

  private interface Ending {
    void run() throws InterruptedException;
  }

  /** What all runs of an agent share. */
  record Tools(
      WorkLane lane,
      Conclusion conclusion,
      Validation validation,
      dev.strata.protocol.AgentConfig config,
      String pod,
      Signals signals) {}
}

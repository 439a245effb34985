package dev.strata.agent;

import dev.strata.agent.handler.EchoHandler;
import dev.strata.agent.validation.Validation;
import dev.strata.agent.work.Gate;
import dev.strata.agent.work.TaskLoop;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.Attempt;
import dev.strata.protocol.Envelope;
import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Role;
import dev.strata.protocol.Task;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WantedState;
import dev.strata.protocol.WorkLane;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a first heartbeat, an activation and a first task will run, run once without effect before
 * there is any of them: what a JVM does for the first time takes it tens of milliseconds. Nothing
 * of it leaves the process, and the pool's handler is not called.
 */
final class Rehearsal {
  private static final int TASKS = 3;
  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final AgentConfig CONFIG =
      new AgentConfig(
          new AgentConfig.Handler(new AgentConfig.Java("echo"), null, null, null),
          1,
          LIMIT.toMillis(),
          1,
          1,
          1,
          1,
          1024);

  private final String podUid;
  private final Messages messages = new Messages("rehearsal");
  private final Membership membership;

  Rehearsal(String podUid) {
    this.podUid = podUid;
    this.membership = new Membership(podUid, new InTouch(System::nanoTime, LIMIT));
  }

  /** A heartbeat to its bytes, and an activation from its own. */
  void activation() {
    var unused = there(MessageType.HEARTBEAT, heartbeat());
    membership.apply(wantedState());
  }

  /**
   * What a spare will run after its activation: some tasks, from their bytes to the bytes of their
   * results.
   */
  void tasks() {
    membership.apply(wantedState());
    var lane = new Lane();
    var log = new Log(new PrintStream(OutputStream.nullOutputStream()), Clock.systemUTC());
    try (var loop =
        new TaskLoop(
            lane,
            CONFIG,
            new EchoHandler(),
            Validation.NONE,
            membership,
            new OpenGate(),
            new Counts(),
            podUid,
            log,
            () -> log.info("the first task was taken"))) {
      loop.start();
      lane.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Heartbeat heartbeat() {
    return new Heartbeat(
        "pool", "pod", podUid, "", "", 1, Role.SPARE, null, 0, false, 0, 1, 0, 0, 0, 1, 1, 1, true);
  }

  private WantedState wantedState() {
    var wanted = new WantedState(podUid, Role.ACTIVE, "rehearsal-0", 1, "Rehearsal");
    Envelope told = there(MessageType.WANTED_STATE, wanted);
    return Messages.readOfOperator(told, MessageType.WANTED_STATE, WantedState.class);
  }

  /** As it comes out of the bytes of a message. */
  private Envelope there(MessageType type, Object message) {
    return Envelope.decode(messages.wrap(type, Priority.NORMAL, 1, message).encode());
  }

  private static final class OpenGate implements Gate {
    @Override
    public boolean mayFetch() {
      return true;
    }

    @Override
    public Verdict mayStore() {
      return Verdict.STORE;
    }
  }

  /** Gives its tasks one by one, as a waiting pull gets them. */
  private final class Lane implements WorkLane {
    private final AtomicInteger given = new AtomicInteger();
    private final CountDownLatch stored = new CountDownLatch(TASKS);
    private final CountDownLatch never = new CountDownLatch(1);

    void awaitEnd() throws InterruptedException {
      // Late or not: nothing depends on it.
      var unused = stored.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public List<Delivery> fetch(Priority priority, int max, Duration wait)
        throws InterruptedException {
      if (wait.isZero()) {
        return List.of();
      }
      if (priority == Priority.NORMAL && given.getAndIncrement() < TASKS) {
        var task = new Task(MessageIds.newTaskId(), "{\"rehearsal\":true}", 0);
        return List.of(new Given(Messages.task(there(MessageType.TASK, task))));
      }
      var unused = never.await(wait.toMillis(), TimeUnit.MILLISECONDS);
      return List.of();
    }

    @Override
    public boolean storeResult(TaskResult result) {
      Messages.read(there(MessageType.RESULT, result), MessageType.RESULT, TaskResult.class);
      stored.countDown();
      return true;
    }

    @Override
    public Submission submit(Task task, Priority priority) {
      throw new TransportException("a rehearsal submits nothing");
    }

    @Override
    public Optional<TaskResult> result(String taskId) {
      return Optional.empty();
    }

    @Override
    public Whereabouts whereabouts(String taskId) {
      return Whereabouts.UNKNOWN;
    }

    @Override
    public Optional<TaskResult> awaitResult(String taskId, Duration limit) {
      return Optional.empty();
    }

    @Override
    public void storeDeadLetter(TaskResult result, Task task) {
      stored.countDown();
    }

    @Override
    public Optional<Attempt> attempt(String taskId) {
      return Optional.empty();
    }

    @Override
    public void storeAttempt(Attempt attempt) {}
  }

  private record Given(Task task) implements WorkLane.Delivery {
    @Override
    public Priority priority() {
      return Priority.NORMAL;
    }

    @Override
    public long deliveries() {
      return 1;
    }

    @Override
    public void inProgress() {}

    @Override
    public boolean ack() {
      return true;
    }

    @Override
    public void handBack(Duration delay) {}
  }
}

package dev.strata.agent.work;

import dev.strata.agent.Counts;
import dev.strata.agent.Log;
import dev.strata.agent.Membership;
import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.validation.Validation;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkLane;
import dev.strata.protocol.WorkLane.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Takes tasks while there are free slots and executes them: one platform thread a task, because a
 * handler may compute as long as it likes.
 */
public final class TaskLoop implements AutoCloseable {
  private static final long IN_PROGRESS_MILLIS = 1500;
  private static final long PAUSE_MILLIS = 200;

  /** How long pulls may wait while all slots are busy: cancelling them costs more than it. */
  private static final long SHORT_TASK_MILLIS = 20;

  private final AgentConfig config;
  private final TaskHandler handler;
  private final Membership membership;
  private final Gate gate;
  private final Counts counts;
  private final Log log;
  private final Runnable firstTaken;
  private final TaskRun.Tools tools;
  private final Puller puller;
  private final Semaphore slots;
  private final Semaphore news = new Semaphore(0);
  private final Set<TaskRun> runs = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor clock;
  private final ThreadPoolExecutor workers;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param firstTaken called when the first task was taken
   */
  public TaskLoop(
      WorkLane lane,
      AgentConfig config,
      TaskHandler handler,
      Validation validation,
      Membership membership,
      Gate gate,
      Counts counts,
      String pod,
      Log log,
      Runnable firstTaken) {
    this.config = config;
    this.handler = handler;
    this.membership = membership;
    this.gate = gate;
    this.counts = counts;
    this.log = log;
    this.firstTaken = firstTaken;
    this.tools =
        new TaskRun.Tools(
            lane,
            new Conclusion(lane, config, validation, gate, counts, pod, log),
            validation,
            config,
            pod,
            counts.signals);
    this.puller = new Puller(lane);
    this.slots = new Semaphore(config.concurrency());
    this.clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("task-clock").factory());
    clock.setRemoveOnCancelPolicy(true);
    this.workers = workers(config.concurrency());
    this.thread = Thread.ofPlatform().daemon().name("task-loop").unstarted(this::loop);
  }

  /**
   * Room for a task a slot, as many that wait for their ack, the abandoned ones, and those who
   * conclude for them.
   */
  private static ThreadPoolExecutor workers(int concurrency) {
    return new ThreadPoolExecutor(
        0,
        6 * concurrency + 4,
        30,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        Thread.ofPlatform().daemon().name("task-", 0).factory(),
        // A full house: whoever hands the task over executes it, and fetches nothing meanwhile.
        new ThreadPoolExecutor.CallerRunsPolicy());
  }

  /** Starts to take tasks as soon as the gate allows it. */
  @SuppressWarnings("FutureReturnValueIgnored") // it ends with the clock
  public void start() {
    clock.scheduleWithFixedDelay(
        () -> runs.forEach(TaskRun::inProgress),
        IN_PROGRESS_MILLIS,
        IN_PROGRESS_MILLIS,
        TimeUnit.MILLISECONDS);
    thread.start();
  }

  private void loop() {
    while (!closed) {
      try {
        if (gate.mayFetch() && !overrun()) {
          round();
        } else {
          puller.cancel();
          pause();
        }
      } catch (InterruptedException e) {
        // Somebody changed what the agent is: the gate is asked again.
      } catch (TransportException e) {
        log.warn(String.valueOf(e.getMessage()));
        pauseAfterError();
      } catch (RuntimeException | Error e) {
        // A mistake of ours must not leave an agent that beats but takes nothing.
        log.warn("the task loop failed and goes on: " + e);
        pauseAfterError();
      }
    }
  }

  private void round() throws InterruptedException {
    int free = takeSlots();
    if (free == 0) {
      return;
    }
    int used = 0;
    try {
      List<Delivery> deliveries = puller.next(free);
      used = Math.min(free, deliveries.size());
      deliveries.forEach(this::execute);
    } finally {
      slots.release(free - used);
    }
  }

  /** Waits for one free slot and takes all that there are. */
  private int takeSlots() throws InterruptedException {
    if (!slots.tryAcquire(SHORT_TASK_MILLIS, TimeUnit.MILLISECONDS)) {
      puller.cancel();
      if (!slots.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        return 0;
      }
    }
    return 1 + slots.drainPermits();
  }

  private void execute(Delivery delivery) {
    if (!gate.mayFetch()) {
      delivery.handBack(Duration.ZERO);
      slots.release();
      return;
    }
    var execution = new Execution(handler, config, clock, counts);
    var run = new TaskRun(delivery, membership.state(), tools, execution, workers, this);
    runs.add(run);
    try {
      if (counts.taken.getAndIncrement() == 0) {
        firstTaken.run();
      }
      workers.execute(run);
    } catch (RuntimeException | Error e) {
      // Such as that there is no room for a further thread.
      log.warn("task " + run.taskId() + " is handed back: " + e);
      delivery.handBack(TaskRun.LATER);
      ended(run);
    }
  }

  void freeSlot() {
    slots.release();
  }

  void ended(TaskRun run) {
    run.freeSlot();
    runs.remove(run);
  }

  private void pause() throws InterruptedException {
    if (news.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
      news.drainPermits();
    }
  }

  private void pauseAfterError() {
    try {
      pause();
    } catch (InterruptedException e) {
      // As in the loop.
    }
  }

  /** Tasks in this agent's hands. */
  public int inFlight() {
    return runs.size();
  }

  /** Whether more handlers were abandoned than the agent can bear. */
  public boolean overrun() {
    return counts.abandoned.get() > 2 * config.concurrency();
  }

  /** Something that the gate depends on got better. */
  public void allowed() {
    news.release();
  }

  /** Something that the gate depends on got worse: waiting pulls end now. */
  public void forbidden() {
    thread.interrupt();
  }

  /** Stops the task if it is being executed here. */
  public void cancel(String taskId) {
    runs.stream()
        .filter(run -> run.taskId().equals(taskId))
        .forEach(run -> run.stop(Stop.CANCELLED));
  }

  /** Interrupts all handlers and hands their tasks back. */
  public void handBackAll() {
    runs.forEach(run -> run.stop(Stop.HANDED_BACK));
  }

  /** Interrupts all handlers; nothing more is said of their tasks. */
  public void dropAll() {
    runs.forEach(run -> run.stop(Stop.FENCED));
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    puller.close();
    workers.shutdownNow();
    clock.shutdownNow();
  }
}

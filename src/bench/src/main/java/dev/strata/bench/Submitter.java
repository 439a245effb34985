package dev.strata.bench;

import dev.strata.protocol.MessageIds;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Task;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkLane.Submission;
import dev.strata.protocol.nats.NatsConnection;
import dev.strata.protocol.nats.NatsWorkLane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands in tasks of 0.3 to 0.8 s at an even pace, up to an allowance that grows with each fault. A
 * task whose storage is not confirmed is handed in again under the same id until it is.
 */
final class Submitter implements AutoCloseable {
  private static final Duration RETRY = Duration.ofMillis(200);

  private final NatsConnection connection;
  private final NatsWorkLane lane;
  private final Thread thread;
  private final List<String> ids;
  private final Duration pace;
  private final AtomicInteger allowed = new AtomicInteger();
  private final AtomicInteger submitted = new AtomicInteger();
  private final AtomicLong retries = new AtomicLong();
  private volatile boolean closed;

  Submitter(Bench bench, Pool pool, int count, int perSecond) throws InterruptedException {
    this.connection = bench.connect("bench-submitter");
    this.lane = new NatsWorkLane(connection, pool.uid(), "bench-submitter");
    this.pace = Duration.ofSeconds(1).dividedBy(perSecond);
    List<String> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(MessageIds.newTaskId());
    }
    this.ids = List.copyOf(made);
    this.thread = Thread.ofPlatform().daemon().name("submitter").unstarted(this::loop);
  }

  void start() {
    thread.start();
  }

  /** All task ids, handed in or not yet. */
  List<String> ids() {
    return ids;
  }

  /** Allows so many more. */
  void allow(int more) {
    allowed.updateAndGet(now -> Math.min(ids.size(), now + more));
  }

  /** How many are stored for certain. */
  int submitted() {
    return submitted.get();
  }

  /** Whether all that is allowed is stored. */
  boolean idle() {
    return submitted.get() >= allowed.get();
  }

  /** How often a task was handed in again. */
  long retries() {
    return retries.get();
  }

  private void loop() {
    for (String id : ids) {
      while (!closed && submitted.get() >= allowed.get()) {
        Waiting.pass(Duration.ofMillis(5));
      }
      long millis = ThreadLocalRandom.current().nextLong(300, 801);
      var task = new Task(id, Long.toString(millis), System.currentTimeMillis());
      while (!closed && !stored(task)) {
        retries.incrementAndGet();
        Waiting.pass(RETRY);
      }
      submitted.incrementAndGet();
      Waiting.pass(pace);
      if (closed) {
        return;
      }
    }
  }

  private boolean stored(Task task) {
    try {
      return lane.submit(task, Priority.NORMAL) != Submission.FULL;
    } catch (TransportException e) {
      return false; // It may be stored or not: the same id again is safe.
    }
  }

  @Override
  public void close() {
    closed = true;
    connection.close();
  }
}

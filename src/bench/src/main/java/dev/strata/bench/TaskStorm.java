package dev.strata.bench;

import dev.strata.protocol.MessageIds;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Task;
import dev.strata.protocol.nats.NatsConnection;
import dev.strata.protocol.nats.NatsWorkLane;
import io.nats.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Hands empty tasks to a pool, at a pace or as fast as they are done, and hears their results. The
 * time of a task is from before its submission until its result is heard.
 */
final class TaskStorm implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final NatsConnection connection;
  private final Connection ears;
  private final NatsWorkLane lane;
  private final Map<String, Long> began = new ConcurrentHashMap<>();
  private final Map<String, Double> millis = new ConcurrentHashMap<>();
  private final ExecutorService submitters = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore room = new Semaphore(0);

  TaskStorm(Bench bench, Pool pool) throws IOException, InterruptedException {
    this.connection = bench.connect("bench-storm");
    this.lane = new NatsWorkLane(connection, pool.uid(), "bench-storm");
    this.ears = bench.connectRaw("bench-storm-ears");
    // Ends with its connection.
    var unused =
        ears.createDispatcher(message -> ended(message.getSubject()))
            .subscribe(Subjects.result(pool.uid(), "*"));
  }

  private void ended(String subject) {
    long now = System.nanoTime();
    String id = subject.substring(subject.lastIndexOf('.') + 1);
    Long from = began.get(id);
    if (from != null && millis.putIfAbsent(id, Waiting.millis(from, now)) == null) {
      room.release();
    }
  }

  /** So many a second for a time; gives how many were done. */
  int paced(int perSecond, Duration time) {
    millis.clear();
    began.clear();
    long start = System.nanoTime();
    int count = (int) (perSecond * time.toSeconds());
    for (int i = 0; i < count; i++) {
      LockSupport.parkNanos(start + i * 1_000_000_000L / perSecond - System.nanoTime());
      submitters.execute(this::submit);
    }
    Waiting.until(LIMIT, () -> millis.size() >= count, () -> millis.size() + " of " + count);
    return millis.size();
  }

  /**
   * As many as there is time for, with a bound on how many are under way.
   *
   * @return done a second
   */
  double flatOut(int count, int underWay) throws InterruptedException {
    millis.clear();
    began.clear();
    room.drainPermits();
    room.release(underWay);
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      if (!room.tryAcquire(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "no result for " + LIMIT.toSeconds() + " s after " + millis.size() + " of " + count);
      }
      submitters.execute(this::submit);
    }
    Waiting.until(LIMIT, () -> millis.size() >= count, () -> millis.size() + " of " + count);
    return count / (Waiting.millis(start, System.nanoTime()) / 1000);
  }

  /** Milliseconds that each task of the last run took. */
  List<Double> times() {
    return new ArrayList<>(millis.values());
  }

  private void submit() {
    String id = MessageIds.newTaskId();
    began.put(id, System.nanoTime());
    lane.submit(new Task(id, "x", System.currentTimeMillis()), Priority.NORMAL);
  }

  @Override
  public void close() {
    submitters.shutdownNow();
    connection.close();
    try {
      ears.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

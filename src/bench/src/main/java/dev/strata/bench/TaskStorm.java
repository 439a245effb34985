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
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Hands empty tasks to a pool, at a pace or as fast as they are done, and hears their results. The
 * time of a task is from before its submission until its result is heard.
 */
final class TaskStorm implements AutoCloseable {
  private final NatsConnection connection;
  private final Connection ears;
  private final NatsWorkLane lane;
  private final UnderWay underWay = new UnderWay();
  private final ExecutorService submitters = Executors.newVirtualThreadPerTaskExecutor();

  TaskStorm(Bench bench, Pool pool) throws IOException, InterruptedException {
    this.connection = bench.connect("bench-storm");
    this.lane = new NatsWorkLane(connection, pool.uid(), "bench-storm");
    this.ears = bench.connectRaw("bench-storm-ears");
    // Ends with its connection.
    var unused =
        ears.createDispatcher(message -> underWay.end(message.getSubject()))
            .subscribe(Subjects.result(pool.uid(), "*"));
  }

  /** So many a second for a time; gives how many were done. */
  int paced(int perSecond, Duration time) {
    underWay.clear(0);
    long start = System.nanoTime();
    int count = (int) (perSecond * time.toSeconds());
    for (int i = 0; i < count; i++) {
      LockSupport.parkNanos(start + i * 1_000_000_000L / perSecond - System.nanoTime());
      submitters.execute(this::submit);
    }
    return underWay.awaitEnds(count);
  }

  /**
   * As many as there is time for, with a bound on how many are under way.
   *
   * @return done a second
   */
  double flatOut(int count, int most) throws InterruptedException {
    underWay.clear(most);
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      underWay.enter();
      submitters.execute(this::submit);
    }
    underWay.awaitEnds(count);
    return count / (Waiting.millis(start, System.nanoTime()) / 1000);
  }

  /** Milliseconds that each task of the last run took. */
  List<Double> times() {
    return underWay.times();
  }

  private void submit() {
    String id = MessageIds.newTaskId();
    underWay.begin(id);
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

package dev.strata.bench;

import dev.strata.protocol.MessageIds;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Task;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.nats.NatsConnection;
import dev.strata.protocol.nats.NatsWorkAdmin;
import dev.strata.protocol.nats.NatsWorkLane;
import java.time.Duration;

/** Keeps a pool's queue from running empty, so that a new agent finds work at once. */
final class TaskFeed implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(100);

  private final NatsConnection connection;
  private final NatsWorkLane lane;
  private final NatsWorkAdmin admin;
  private final String pool;
  private final String input;
  private final int backlog;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param backlog how many tasks are stored at a time, in hand or waiting
   */
  TaskFeed(Bench bench, Pool pool, String input, int backlog) throws InterruptedException {
    this.connection = bench.connect("bench-feed-" + pool.name());
    this.lane = new NatsWorkLane(connection, pool.uid(), "bench-feed");
    this.admin = new NatsWorkAdmin(connection);
    this.pool = pool.uid();
    this.input = input;
    this.backlog = backlog;
    this.thread = Thread.ofPlatform().daemon().name("feed " + pool.name()).unstarted(this::loop);
  }

  /** Begins; until then the queue is empty. */
  void start() {
    thread.start();
  }

  private void loop() {
    while (!closed) {
      try {
        long missing = backlog - admin.backlog(pool);
        for (long i = 0; i < missing && !closed; i++) {
          lane.submit(
              new Task(MessageIds.newTaskId(), input, System.currentTimeMillis()), Priority.NORMAL);
        }
      } catch (TransportException e) {
        // NATS is away, or the pool has no streams yet: the next round tries again.
      }
      Waiting.pass(PERIOD);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connection.close();
  }
}

package dev.strata.bench;

import dev.strata.harness.Cluster;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Starts the operator again when it ended, as its Deployment does: a second later, and once more
 * while it cannot start because what it needs is away.
 */
final class OperatorKeeper implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Cluster cluster;
  private final AtomicInteger restarts = new AtomicInteger();
  private final Thread thread;
  private volatile boolean closed;

  OperatorKeeper(Cluster cluster) {
    this.cluster = cluster;
    this.thread = Thread.ofPlatform().daemon().name("operator keeper").unstarted(this::loop);
  }

  void start() {
    thread.start();
  }

  /** How often it was started again. */
  int restarts() {
    return restarts.get();
  }

  private void loop() {
    while (!closed) {
      Waiting.pass(LOOK);
      if (!closed && !cluster.operator().isRunning()) {
        Waiting.pass(PAUSE);
        Console.progress("the operator has ended and is started again");
        restarts.incrementAndGet();
        cluster.operator().launch();
      }
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
  }
}

package dev.strata.bench;

import java.time.Duration;

/** A pool that is scaled up and down ten times a second, so that its operator always has to act. */
final class ScaleBurst implements AutoCloseable {
  private static final int MORE = 4;
  private static final Duration EVERY = Duration.ofMillis(100);
  private static final Duration END_LIMIT = Duration.ofSeconds(10);

  private final Thread thread;
  private volatile boolean closed;

  ScaleBurst(Pool pool, int agents) {
    thread = Thread.ofPlatform().daemon().name("scale burst").unstarted(() -> run(pool, agents));
    thread.start();
  }

  /** The most agents that a burst from this number wishes for. */
  static int most(int agents) {
    return agents + MORE;
  }

  private void run(Pool pool, int agents) {
    for (int i = 0; !closed; i++) {
      pool.scale(i % 2 == 0 ? most(agents) : agents);
      Waiting.pass(EVERY);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(END_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

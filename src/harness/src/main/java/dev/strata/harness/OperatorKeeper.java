package dev.strata.harness;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Starts an operator again when it has ended, as its Deployment does: a second later, and once more
 * while it cannot start because what it needs is away. An operator ends by itself when it could not
 * renew its lease in time.
 */
public final class OperatorKeeper implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration END = Duration.ofSeconds(5);

  private final OperatorProcess operator;
  private final boolean evenIfTold;
  private final AtomicInteger restarts = new AtomicInteger();
  private final Thread thread;
  private volatile boolean closed;

  private OperatorKeeper(OperatorProcess operator, boolean evenIfTold) {
    this.operator = operator;
    this.evenIfTold = evenIfTold;
    this.thread = Thread.ofPlatform().daemon().name("operator keeper").start(this::loop);
  }

  /** Also when {@link OperatorProcess#kill} and the like have ended it. */
  public static OperatorKeeper always(OperatorProcess operator) {
    return new OperatorKeeper(operator, true);
  }

  /** Only when it ended by itself: whoever ends it on purpose also starts it again. */
  public static OperatorKeeper whenItEndsByItself(OperatorProcess operator) {
    return new OperatorKeeper(operator, false);
  }

  /** How often it was started again. */
  public int restarts() {
    return restarts.get();
  }

  private void loop() {
    while (!closed) {
      try {
        Thread.sleep(LOOK);
        if (operator.isGone(evenIfTold)) {
          System.err.println("to be started again: " + operator.condition());
          Thread.sleep(PAUSE);
          restarts.addAndGet(operator.launchAgain(evenIfTold) ? 1 : 0);
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        System.err.println("the operator could not be started again: " + e);
      }
    }
  }

  /** From now on an operator that ends is not started again. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

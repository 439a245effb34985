package dev.strata.harness;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

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
  private final Predicate<OperatorProcess> gone;
  private final AtomicInteger restarts = new AtomicInteger();
  private final Thread thread;
  private volatile boolean closed;

  private OperatorKeeper(OperatorProcess operator, Predicate<OperatorProcess> gone) {
    this.operator = operator;
    this.gone = gone;
    this.thread = Thread.ofPlatform().daemon().name("operator keeper").start(this::loop);
  }

  /** Whatever its end was. */
  public static OperatorKeeper always(OperatorProcess operator) {
    return new OperatorKeeper(operator, one -> !one.isRunning());
  }

  /** Not when the harness was told to end it: then it is for whoever told so to start it again. */
  public static OperatorKeeper whenItEndsByItself(OperatorProcess operator) {
    return new OperatorKeeper(operator, OperatorProcess::hasEndedByItself);
  }

  /** How often it was started again. */
  public int restarts() {
    return restarts.get();
  }

  private void loop() {
    try {
      while (!closed) {
        Thread.sleep(LOOK);
        if (!closed && gone.test(operator)) {
          System.err.println("to be started again: " + operator.condition());
          Thread.sleep(PAUSE);
          restarts.incrementAndGet();
          operator.launch();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets it be from now on. */
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

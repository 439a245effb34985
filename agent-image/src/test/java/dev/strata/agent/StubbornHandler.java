package dev.strata.agent;

import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.handler.TaskInput;
import java.util.concurrent.CountDownLatch;

/** Ignores interrupts until it is released. */
public final class StubbornHandler implements TaskHandler {
  private static final CountDownLatch RELEASED = new CountDownLatch(1);

  static void release() {
    RELEASED.countDown();
  }

  @Override
  public String name() {
    return "stubborn";
  }

  @Override
  public String handle(TaskInput input) {
    boolean released = false;
    while (!released) {
      try {
        RELEASED.await();
        released = true;
      } catch (InterruptedException e) {
        // That is the point.
      }
    }
    return "late";
  }
}

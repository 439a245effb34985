package dev.strata.e2e;

import dev.strata.protocol.MessageIds;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Task;
import dev.strata.protocol.TransportException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Tasks for a pool, so many a second, until closed. What a server that is away misses is left. */
final class Traffic implements AutoCloseable {
  private final PoolTasks tasks;
  private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();
  private volatile String input;

  @SuppressWarnings("FutureReturnValueIgnored") // it ends with the ticker
  Traffic(PoolTasks tasks, String input, int perSecond) {
    this.tasks = tasks;
    this.input = input;
    ticker.scheduleAtFixedRate(
        this::submit, 0, TimeUnit.SECONDS.toMicros(1) / perSecond, TimeUnit.MICROSECONDS);
  }

  private void submit() {
    try {
      tasks
          .lane()
          .submit(
              new Task(MessageIds.newTaskId(), input, System.currentTimeMillis()), Priority.NORMAL);
    } catch (TransportException e) {
      // The server is away: tasks come again when it is back.
    }
  }

  /** Sends another input from now on. */
  void send(String next) {
    input = next;
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}

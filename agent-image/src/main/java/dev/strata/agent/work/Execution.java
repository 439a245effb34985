package dev.strata.agent.work;

import dev.strata.agent.Counts;
import dev.strata.agent.handler.HandlerFailure;
import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.handler.TaskInput;
import dev.strata.protocol.AgentConfig;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of the handler, ended exactly once: by its return, or by whoever gave up on it. A
 * handler that ignores its interrupt is abandoned to its thread after a second and a half.
 */
final class Execution {
  private static final long ABANDON_MILLIS = 1500;

  private final TaskHandler handler;
  private final AgentConfig config;
  private final ScheduledExecutorService clock;
  private final Counts counts;
  private @Nullable Thread thread;
  private @Nullable Consumer<Outcome> abandoned;
  private @Nullable Stop stop;
  private boolean ended;

  Execution(
      TaskHandler handler, AgentConfig config, ScheduledExecutorService clock, Counts counts) {
    this.handler = handler;
    this.config = config;
    this.clock = clock;
    this.counts = counts;
  }

  /**
   * Calls the handler on this thread.
   *
   * @param abandoned called on the clock's thread when the handler ignored its interrupt
   * @return how it went; null when it was abandoned before it returned
   */
  @Nullable Outcome call(TaskInput input, Consumer<Outcome> abandoned) {
    synchronized (this) {
      this.abandoned = abandoned;
      if (stop != null) {
        ended = true;
        return stopped(stop);
      }
      thread = Thread.currentThread();
    }
    long start = System.nanoTime();
    ScheduledFuture<?> timeout =
        clock.schedule(() -> stop(Stop.TIMEOUT), config.taskTimeoutMillis(), TimeUnit.MILLISECONDS);
    Outcome outcome = outcome(input);
    timeout.cancel(false);
    counts.handlerNanos.addAndGet(System.nanoTime() - start);
    counts.handlerCalls.incrementAndGet();
    return end(outcome);
  }

  private synchronized @Nullable Outcome end(Outcome outcome) {
    thread = null;
    clearInterrupt();
    if (ended) {
      counts.abandoned.decrementAndGet();
      return null;
    }
    ended = true;
    return stop == null ? outcome : stopped(stop);
  }

  /** An interrupt was meant for the handler, not for what follows on this thread. */
  @SuppressWarnings("ResultOfMethodCallIgnored")
  private static void clearInterrupt() {
    Thread.interrupted();
  }

  /** Handlers are foreign code: whatever they throw is the attempt's failure, never the agent's. */
  private Outcome outcome(TaskInput input) {
    try {
      String output = handler.handle(input);
      if (output == null) {
        return new Outcome.Failed("HandlerError: the handler returned null");
      }
      return tooLarge(output)
          ? new Outcome.Failed(String.valueOf(tooLargeText()))
          : new Outcome.Done(output);
    } catch (Exception | Error e) {
      return new Outcome.Failed(HandlerFailure.text(e));
    }
  }

  private boolean tooLarge(String output) {
    int limit = config.maxOutputBytes();
    // A character has at most three bytes: the exact count is rarely needed.
    return output.length() > limit / 3 && output.getBytes(StandardCharsets.UTF_8).length > limit;
  }

  private @Nullable String tooLargeText() {
    return HandlerFailure.tooLarge(config.maxOutputBytes()).getMessage();
  }

  /** Interrupts the handler, the first reason counts. */
  @SuppressWarnings("FutureReturnValueIgnored") // it finds by itself that there is nothing to do
  synchronized void stop(Stop reason) {
    if (ended || stop != null) {
      return;
    }
    stop = reason;
    if (thread != null) {
      thread.interrupt();
      clock.schedule(this::abandon, ABANDON_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void abandon() {
    Stop reason;
    Consumer<Outcome> told;
    synchronized (this) {
      if (ended || stop == null || abandoned == null) {
        return;
      }
      ended = true;
      reason = stop;
      told = abandoned;
      counts.abandoned.incrementAndGet();
    }
    told.accept(stopped(reason));
  }

  private Outcome stopped(Stop reason) {
    return switch (reason) {
      case TIMEOUT ->
          new Outcome.Failed(
              "Timeout: the handler gave no output within "
                  + config.taskTimeoutMillis()
                  + " ms; raise the pool's task timeout or make the task smaller");
      case CANCELLED -> new Outcome.Cancelled();
      case HANDED_BACK -> new Outcome.HandBack();
      case FENCED -> new Outcome.Drop();
    };
  }
}

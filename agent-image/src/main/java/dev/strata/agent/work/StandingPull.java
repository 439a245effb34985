package dev.strata.agent.work;

import dev.strata.protocol.Priority;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkLane;
import dev.strata.protocol.WorkLane.Delivery;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One waiting pull of one priority, on a thread of its own. Its state is guarded by the lock. */
final class StandingPull {
  private static final Duration IDLE = Duration.ofSeconds(5);

  private final WorkLane lane;
  private final Priority priority;
  private final ReentrantLock lock;
  private final Condition news;
  private final Condition work;
  private final Thread thread;
  private final Queue<Delivery> arrived = new ArrayDeque<>();
  private @Nullable TransportException error;
  private int wanted;
  private boolean pulling;
  private boolean closed;

  /**
   * @param news signalled when a pull has ended
   */
  StandingPull(WorkLane lane, Priority priority, ReentrantLock lock, Condition news) {
    this.lane = lane;
    this.priority = priority;
    this.lock = lock;
    this.news = news;
    this.work = lock.newCondition();
    this.thread =
        Thread.ofPlatform().daemon().name("pull-" + priority.token()).unstarted(this::loop);
  }

  Priority priority() {
    return priority;
  }

  Queue<Delivery> arrived() {
    return arrived;
  }

  /** Neither waiting nor holding anything. */
  boolean quiet() {
    return !pulling && wanted == 0 && arrived.isEmpty();
  }

  boolean pulling() {
    return pulling || wanted > 0;
  }

  /** The last pull's error, once. */
  @Nullable TransportException takeError() {
    TransportException last = error;
    error = null;
    return last;
  }

  void start(int max) {
    wanted = max;
    if (thread.getState() == Thread.State.NEW) {
      thread.start();
    }
    work.signal();
  }

  /** Ends the pull that waits, if one does. */
  void cancel() {
    wanted = 0;
    if (pulling) {
      thread.interrupt();
    }
  }

  void close() {
    closed = true;
    thread.interrupt();
  }

  private void loop() {
    lock.lock();
    try {
      while (!closed) {
        if (wanted == 0) {
          await();
        } else {
          pull();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void await() {
    try {
      while (wanted == 0 && !closed) {
        work.await();
      }
    } catch (InterruptedException e) {
      // Closed, or cancelled when the pull had just ended.
    }
  }

  private void pull() {
    int max = wanted;
    wanted = 0;
    pulling = true;
    List<Delivery> got = List.of();
    TransportException failed = null;
    lock.unlock();
    try {
      got = lane.fetch(priority, max, IDLE);
    } catch (TransportException e) {
      failed = e;
    } catch (RuntimeException | Error e) {
      failed = new TransportException("a waiting pull failed: " + e, e);
    } catch (InterruptedException e) {
      // Cancelled: nothing was taken.
    } finally {
      lock.lock();
      pulling = false;
    }
    arrived.addAll(got);
    error = failed;
    news.signalAll();
  }
}

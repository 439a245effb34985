package dev.strata.agent.work;

import dev.strata.protocol.Priority;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkLane;
import dev.strata.protocol.WorkLane.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gets the next tasks: what is queued in the order of priority, and while nothing is queued it
 * waits on all priorities at once.
 *
 * <p>A priority with a waiting pull has nothing queued, so it need not be asked: with short tasks
 * of one priority a task costs one request. Pulls that wait while all slots are busy are cancelled
 * after a moment, so that a task goes to an agent that is free.
 */
final class Puller implements AutoCloseable {
  private static final long WAIT_MILLIS = 7000;
  private static final long CANCEL_MILLIS = 3000;

  private final WorkLane lane;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final List<StandingPull> pulls;

  Puller(WorkLane lane) {
    this.lane = lane;
    this.pulls =
        Priority.WORK.stream()
            .map(priority -> new StandingPull(lane, priority, lock, news))
            .toList();
  }

  /**
   * Up to {@code max} tasks, most urgent first; empty when there was none for a while.
   *
   * @throws TransportException when the lane is away
   */
  List<Delivery> next(int max) throws InterruptedException {
    List<Priority> unknown = new ArrayList<>();
    lock.lock();
    try {
      List<Delivery> arrived = arrived(max);
      if (!arrived.isEmpty()) {
        return arrived;
      }
      pulls.stream().filter(StandingPull::quiet).forEach(pull -> unknown.add(pull.priority()));
    } finally {
      lock.unlock();
    }
    // The last one needs no look of its own: its waiting pull returns at once what is queued.
    for (int i = 0; i < unknown.size() - 1; i++) {
      List<Delivery> queued = lane.fetch(unknown.get(i), max, Duration.ZERO);
      if (!queued.isEmpty()) {
        return queued;
      }
    }
    return await(max);
  }

  private List<Delivery> await(int max) throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
    lock.lockInterruptibly();
    try {
      pulls.stream().filter(StandingPull::quiet).forEach(pull -> pull.start(max));
      while (left > 0) {
        List<Delivery> arrived = arrived(max);
        if (!arrived.isEmpty()) {
          return arrived;
        }
        TransportException error = error();
        if (error != null) {
          throw error;
        }
        if (pulls.stream().anyMatch(StandingPull::quiet)) {
          return List.of();
        }
        left = news.awaitNanos(left);
      }
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  private List<Delivery> arrived(int max) {
    var all = new ArrayList<Delivery>();
    for (StandingPull pull : pulls) {
      while (all.size() < max && !pull.arrived().isEmpty()) {
        all.add(pull.arrived().remove());
      }
    }
    return all;
  }

  private @Nullable TransportException error() {
    TransportException first = null;
    for (StandingPull pull : pulls) {
      TransportException error = pull.takeError();
      first = first == null ? error : first;
    }
    return first;
  }

  /** Ends all waiting pulls and hands back what they got. */
  void cancel() {
    lock.lock();
    try {
      pulls.forEach(StandingPull::cancel);
      long left = TimeUnit.MILLISECONDS.toNanos(CANCEL_MILLIS);
      while (left > 0 && pulls.stream().anyMatch(StandingPull::pulling)) {
        left = news.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      for (Delivery delivery : arrived(Integer.MAX_VALUE)) {
        delivery.handBack(Duration.ZERO);
      }
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      pulls.forEach(StandingPull::close);
    } finally {
      lock.unlock();
    }
  }
}

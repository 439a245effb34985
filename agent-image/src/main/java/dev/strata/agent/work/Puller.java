package dev.strata.agent.work;

import dev.strata.protocol.Priority;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkLane;
import dev.strata.protocol.WorkLane.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gets the next tasks: what is queued in the order of priority, and while nothing is queued it
 * waits on all priorities at once.
 */
final class Puller {
  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final Duration END_LIMIT = Duration.ofSeconds(4);

  private final WorkLane lane;

  Puller(WorkLane lane) {
    this.lane = lane;
  }

  /**
   * Up to {@code max} tasks, most urgent first; empty when there was none for a while.
   *
   * @throws TransportException when the lane is away
   */
  List<Delivery> next(int max) throws InterruptedException {
    var got = new ArrayList<Delivery>(max);
    try {
      for (Priority priority : Priority.WORK) {
        if (got.size() < max) {
          got.addAll(lane.fetch(priority, max - got.size(), Duration.ZERO));
        }
      }
    } catch (InterruptedException e) {
      got.forEach(delivery -> delivery.handBack(Duration.ZERO));
      throw e;
    } catch (TransportException e) {
      if (got.isEmpty()) {
        throw e;
      }
    }
    return got.isEmpty() ? await(max) : got;
  }

  private List<Delivery> await(int max) throws InterruptedException {
    var waiting = new Waiting(max);
    waiting.start();
    try {
      return waiting.first();
    } finally {
      waiting.end();
    }
  }

  /** How one waiting pull ended. */
  private record End(List<Delivery> deliveries, @Nullable TransportException error) {}

  private final class Waiting {
    private final int max;
    private final List<Thread> threads = new ArrayList<>();
    private final BlockingQueue<End> ends = new ArrayBlockingQueue<>(Priority.WORK.size());
    private int seen;
    private int given;

    Waiting(int max) {
      this.max = max;
    }

    void start() {
      for (Priority priority : Priority.WORK) {
        threads.add(Thread.ofVirtual().start(() -> pull(priority)));
      }
    }

    private void pull(Priority priority) {
      End end = new End(List.of(), null);
      try {
        end = new End(lane.fetch(priority, max, IDLE), null);
      } catch (TransportException e) {
        end = new End(List.of(), e);
      } catch (InterruptedException e) {
        // Another priority was first: nothing was taken here.
        Thread.currentThread().interrupt();
      } finally {
        ends.add(end);
      }
    }

    /** What comes first, or nothing when nothing comes. */
    List<Delivery> first() throws InterruptedException {
      TransportException error = null;
      while (seen < threads.size()) {
        End end = ends.take();
        seen++;
        error = end.error() == null ? error : end.error();
        if (!end.deliveries().isEmpty()) {
          given = end.deliveries().size();
          return withOthers(end.deliveries());
        }
      }
      if (error != null) {
        throw error;
      }
      return List.of();
    }

    private List<Delivery> withOthers(List<Delivery> first) {
      var all = new ArrayList<>(first);
      for (End end = ends.poll(); end != null; end = ends.poll()) {
        seen++;
        for (Delivery delivery : end.deliveries()) {
          take(delivery, all);
        }
      }
      return all;
    }

    private void take(Delivery delivery, List<Delivery> all) {
      if (given < max) {
        given++;
        all.add(delivery);
      } else {
        delivery.handBack(Duration.ZERO);
      }
    }

    /** Ends the other pulls; what they got in the last moment goes back. */
    void end() throws InterruptedException {
      boolean interrupted = Thread.interrupted();
      threads.forEach(Thread::interrupt);
      while (seen < threads.size()) {
        End end = ends.poll(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (end == null) {
          break;
        }
        seen++;
        end.deliveries().forEach(delivery -> delivery.handBack(Duration.ZERO));
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

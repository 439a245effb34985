package dev.strata.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Tasks under way: when each began, how long each took, and how many more may begin. Their results
 * are heard on subjects whose last part is the task's id.
 */
final class UnderWay {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Map<String, Long> began = new ConcurrentHashMap<>();
  private final Map<String, Double> millis = new ConcurrentHashMap<>();
  private final Semaphore room = new Semaphore(0);

  /** Forgets all, for a run with so many at a time that {@link #enter} lets in. */
  void clear(int most) {
    millis.clear();
    began.clear();
    room.drainPermits();
    room.release(most);
  }

  /** Waits until another one may begin. */
  void enter() throws InterruptedException {
    if (!room.tryAcquire(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "no result for " + LIMIT.toSeconds() + " s after " + millis.size());
    }
  }

  /** Its time begins. */
  void begin(String id) {
    began.put(id, System.nanoTime());
  }

  /** Its result is heard; a second one is not counted. */
  void end(String subject) {
    long now = System.nanoTime();
    String id = subject.substring(subject.lastIndexOf('.') + 1);
    Long from = began.get(id);
    if (from != null && millis.putIfAbsent(id, Waiting.millis(from, now)) == null) {
      room.release();
    }
  }

  /** Waits until so many have ended; gives how many that are. */
  int awaitEnds(int count) {
    Waiting.until(LIMIT, () -> millis.size() >= count, () -> millis.size() + " of " + count);
    return millis.size();
  }

  /** Milliseconds that each task of the last run took. */
  List<Double> times() {
    return new ArrayList<>(millis.values());
  }
}

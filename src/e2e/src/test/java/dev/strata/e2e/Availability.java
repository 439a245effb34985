package dev.strata.e2e;

import static dev.strata.e2e.Story.PATIENCE;
import static dev.strata.e2e.Story.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts all the time how many agents of a pool are available, and remembers the lowest count. */
final class Availability implements AutoCloseable {
  private static final int EVERY_MILLIS = 50;

  private final AtomicInteger lowest = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicInteger samples = new AtomicInteger();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  private Availability(PoolCheck check) {
    var unused =
        timer.scheduleWithFixedDelay(
            () -> {
              int now = check.available();
              lowest.accumulateAndGet(now, Math::min);
              samples.incrementAndGet();
            },
            0,
            EVERY_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /** Begins when so many are available: a pool is ready by heartbeats, before its pods' probes. */
  static Availability of(Story story, String pool, int agents) {
    var check = new PoolCheck(story, pool);
    eventually(PATIENCE, () -> assertThat(check.available()).isEqualTo(agents));
    return new Availability(check);
  }

  int lowest() {
    assertThat(samples).as("samples").hasPositiveValue();
    return lowest.get();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}

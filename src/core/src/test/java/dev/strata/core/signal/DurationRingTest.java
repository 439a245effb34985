package dev.strata.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Percentiles of what many agents tell. */
final class DurationRingTest {
  private static final long NOW = Duration.ofDays(20_000).toMillis();

  @Property(tries = 200)
  void percentilesOfMergedOnesAreThoseOfAll(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int agents) {
    var random = new Random(seed);
    var ring = new DurationRing();
    var all = LongStream.builder();
    for (int agent = 0; agent < agents; agent++) {
      // Each its own speed, so that a mean of percentiles would be far off.
      double speed = Math.exp(random.nextGaussian() * 2 + 9);
      Map<Long, Long> counts = new TreeMap<>();
      for (int i = 0; i < 1 + random.nextInt(200); i++) {
        long micros =
            Math.clamp((long) (speed * Math.exp(random.nextGaussian())), 1, Durations.MOST_MICROS);
        counts.merge(micros, 1L, Long::sum);
        all.add(micros);
      }
      ring.add(
          NOW - random.nextInt(240_000),
          new Durations(List.copyOf(counts.keySet()), List.copyOf(counts.values())));
    }
    long[] sorted = all.build().sorted().toArray();
    var found = ring.percentiles(NOW, Duration.ofMinutes(5));
    assertThat(found.count()).isEqualTo(sorted.length);
    same(found.median(), sorted, 50);
    same(found.ninetyFifth(), sorted, 95);
    same(found.ninetyNinth(), sorted, 99);
  }

  private static void same(Duration found, long[] sorted, int percent) {
    long exact = sorted[Math.max(0, (int) Math.ceil(percent * sorted.length / 100.0) - 1)];
    assertThat(found.toNanos() / 1000).isCloseTo(exact, within(Math.max(1, exact / 100)));
  }

  @Test
  void whatIsOlderThanTheSpanDoesNotCount() {
    var ring = new DurationRing();
    ring.add(NOW - Duration.ofMinutes(10).toMillis(), one(9_000_000));
    ring.add(NOW, one(1_000));
    var found = ring.percentiles(NOW, Duration.ofMinutes(5));
    assertThat(found.count()).isEqualTo(1);
    assertThat(found.ninetyNinth()).isLessThan(Duration.ofMillis(2));
  }

  @Test
  void withoutEventsThereIsNothing() {
    assertThat(new DurationRing().percentiles(NOW, Duration.ofMinutes(5)).count()).isZero();
  }

  private static Durations one(long micros) {
    return new Durations(List.of(micros), List.of(1L));
  }
}

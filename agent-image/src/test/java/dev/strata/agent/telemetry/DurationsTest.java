package dev.strata.agent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Durations are told roughly, and not too roughly. */
final class DurationsTest {
  @Test
  void roundingStaysWithinHalfAPercent() {
    var random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      long micros = (long) Math.exp(random.nextDouble() * Math.log(3.6e9));
      assertThat(Durations.rounded(micros)).isCloseTo(micros, Percentage.withPercentage(0.5));
    }
  }

  @Test
  void equalOnesAreToldTogetherAndOnce() {
    var durations = new Durations();
    durations.add(TimeUnit.MILLISECONDS.toNanos(100));
    durations.add(TimeUnit.MICROSECONDS.toNanos(100_050));
    durations.add(TimeUnit.DAYS.toNanos(1));
    assertThat(durations.take().counts()).containsExactly(2L, 1L);
    assertThat(durations.isEmpty()).isTrue();
  }
}

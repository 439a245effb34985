package dev.strata.core.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Seconds with a demand: good at the thresholds that were reached, left out where none was. */
class SlicesTest {
  private static final long NOW = 1_000_000;
  private final PoolSignals signals = new PoolSignals();
  private final CountRing low = ring(100);
  private final CountRing high = ring(1000);

  private CountRing ring(long threshold) {
    return signals.events(PoolSignals.key("throughput", threshold), Duration.ofSeconds(10), 10);
  }

  @Test
  void whatWasReachedIsGood() {
    signals.slice("throughput", 1000, 1200, NOW);
    assertThat(counts(low)).isEqualTo(new Counts(1, 1));
    assertThat(counts(high)).isEqualTo(new Counts(1, 1));
  }

  @Test
  void whatWasAskedForAndNotReachedIsBad() {
    signals.slice("throughput", 999.9, 1000, NOW);
    assertThat(counts(low)).isEqualTo(new Counts(1, 1));
    assertThat(counts(high)).isEqualTo(new Counts(0, 1));
  }

  @Test
  void whatNobodyAskedForIsNoSlice() {
    signals.slice("throughput", 500, 500, NOW);
    assertThat(counts(low)).isEqualTo(new Counts(1, 1));
    assertThat(counts(high)).isEqualTo(new Counts(0, 0));
  }

  private static Counts counts(CountRing ring) {
    return ring.within(NOW, Duration.ofSeconds(60));
  }
}

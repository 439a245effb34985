package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.strata.core.signal.CountRing;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** By how much events that come in bursts tell less than their number. */
class DesignEffectTest {
  private static final Window WINDOW = Window.of(Duration.ofMinutes(5));
  private static final int BATCHES = 72;
  private static final long SLOT = 10_000;
  private static final long NOW = 1_000_000_000;

  private static CountRing ring() {
    return new CountRing(Duration.ofMillis(SLOT), 400);
  }

  /** Into the middle slot of a batch; 0 is the newest before the window. */
  private static void batch(CountRing ring, int batch, long good, long total) {
    ring.add(NOW - WINDOW.span().toMillis() - (5L * batch + 2) * SLOT, good, total);
  }

  private static double effect(CountRing ring) {
    return ShareEstimator.designEffect(ring, WINDOW, NOW);
  }

  /** Batches of ten in which eight or all are good: variance 1 of each, where 0.9 is binomial. */
  @Example
  void itIsTheVarianceOverThatOfTheBinomial() {
    var ring = ring();
    for (int i = 0; i < BATCHES; i++) {
      batch(ring, i, i % 2 == 0 ? 8 : 10, 10);
    }
    assertThat(effect(ring)).isCloseTo(1 / 0.9 * BATCHES / (BATCHES - 1), within(1e-12));
  }

  /** Batches of ten that are all good or all bad: each is one event. */
  @Example
  void ofAllOrNothingItIsTheSizeOfABurst() {
    var ring = ring();
    for (int i = 0; i < BATCHES; i++) {
      batch(ring, i, i % 2 == 0 ? 10 : 0, 10);
    }
    assertThat(effect(ring)).isCloseTo(10.0 * BATCHES / (BATCHES - 1), within(1e-12));
  }

  @Example
  void evenerThanChanceIsNoGain() {
    var ring = ring();
    for (int i = 0; i < BATCHES; i++) {
      batch(ring, i, 9, 10);
    }
    assertThat(effect(ring)).isEqualTo(1);
  }

  @Example
  void theWindowItselfAndWhatIsOlderThanAnHourAreLeftOut() {
    var ring = ring();
    for (int i = 0; i < BATCHES; i++) {
      batch(ring, i, i % 2 == 0 ? 8 : 10, 10);
    }
    double before = effect(ring);
    ring.add(NOW, 0, 1000);
    ring.add(NOW - WINDOW.span().toMillis() + SLOT, 0, 1000);
    batch(ring, BATCHES, 0, 1000);
    assertThat(effect(ring)).isEqualTo(before);
    batch(ring, BATCHES - 1, 0, 1000);
    assertThat(effect(ring)).isNotEqualTo(before);
  }

  @Example
  void fewBatchesTellNothing() {
    var ring = ring();
    for (int i = 0; i < 19; i++) {
      batch(ring, i, i % 2 == 0 ? 10 : 0, 10);
    }
    assertThat(effect(ring)).isEqualTo(1);
    batch(ring, 19, 0, 10);
    assertThat(effect(ring)).isGreaterThan(9);
    assertThat(effect(ring())).isEqualTo(1);
  }

  /** Independent events have about 1, and bursts about their size. */
  @Property(tries = 50)
  void ofBurstsItIsAboutTheirSize(@ForAll long seed) {
    var random = new Random(seed);
    for (int size : new int[] {1, 5, 20}) {
      double sum = 0;
      int rings = 20;
      for (int i = 0; i < rings; i++) {
        var ring = ring();
        for (int burst = 0; burst < 2000; burst++) {
          long at = NOW - WINDOW.span().toMillis() - random.nextInt(3_600_000);
          ring.add(at, random.nextDouble() < 0.95 ? size : 0, size);
        }
        sum += effect(ring);
      }
      assertThat(sum / rings).isBetween(0.8 * size, 1.3 * size);
    }
  }

  /** The number is divided by it: the share stays, and the bound is that of fewer events. */
  @Example
  void theBoundIsThatOfTheEvents() {
    var ring = ring();
    for (int i = 0; i < BATCHES; i++) {
      batch(ring, i, i % 2 == 0 ? 8 : 10, 10);
    }
    ring.add(NOW, 85, 100);
    double effect = effect(ring);
    Evidence evidence = ShareEstimator.estimate(ring, 0.95, WINDOW, NOW);
    assertThat(evidence.estimate()).isEqualTo(0.85);
    assertThat(evidence.samples()).isEqualTo(100);
    assertThat(evidence.bound())
        .isCloseTo(Bounds.upper(85 / effect, 100 / effect, 0.99), within(1e-12));
  }
}

package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Against closed forms, which hold to the last digit. */
class BoundsTest {
  private static final double PRECISION = 1e-9;

  @Test
  void theBoundOfAllGoodIsARoot() {
    for (int n : new int[] {14, 29, 59, 299, 598}) {
      assertThat(Bounds.lower(n, n, 0.95)).isCloseTo(Math.pow(0.05, 1.0 / n), within(PRECISION));
      assertThat(Bounds.upper(0, n, 0.99))
          .isCloseTo(1 - Math.pow(0.01, 1.0 / n), within(PRECISION));
    }
  }

  @Test
  void theLeastSamplesAreThoseOfZeroFailuresAtNinetyFivePercent() {
    double[] targets = {0.80, 0.90, 0.95, 0.99, 0.995};
    int[] samples = {14, 29, 59, 299, 598};
    for (int i = 0; i < targets.length; i++) {
      assertThat(Bounds.lower(samples[i], samples[i], 0.95)).isGreaterThanOrEqualTo(targets[i]);
      assertThat(Bounds.lower(samples[i] - 1, samples[i] - 1, 0.95)).isLessThan(targets[i]);
    }
  }

  @Test
  void comparingIsTheSameAsInverting() {
    for (int good = 0; good <= 300; good++) {
      assertThat(Bounds.below(good, 300, 0.95, 0.99))
          .as("%d of 300", good)
          .isEqualTo(Bounds.upper(good, 300, 0.99) < 0.95);
    }
  }
}

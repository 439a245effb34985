package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.strata.core.signal.SumRing;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Waiting over busy time in 30 batches of ten seconds, at most a tenth. */
class RatioEstimatorTest {
  private static final Duration SLOT = Duration.ofSeconds(10);
  private static final Window WINDOW = Window.of(Duration.ofMinutes(5));
  private static final long NOW = 10_000_000;
  private static final long[] ABOVE = {
    105, 98, 121, 87, 133, 110, 92, 140, 101, 99, 118, 127, 95, 103, 111, 89, 125, 108, 97, 130, 104
  };
  private static final long[] BELOW = {
    1000, 950, 1100, 900, 1050, 1020, 980, 1150, 990, 1010, 1060, 1080, 940, 970, 1030, 910, 1090,
    1000, 960, 1110, 985
  };

  private static final double RATIO = 0.10772844726333099;
  private static final double HALF = 0.004809653854139157;

  /** Sums of which the shares and the weights do not know of each other. */
  private static final double TRUTH = 0.1;

  private static SumRing ring(long[] above, long[] below, int batches) {
    var ring = new SumRing(SLOT, 100);
    for (int i = 0; i < batches; i++) {
      ring.add(NOW - i * SLOT.toMillis(), above[i], below[i]);
    }
    return ring;
  }

  private static Evidence evidence(SumRing ring, Side side, double target) {
    return RatioEstimator.estimate(ring, side, target, WINDOW, NOW);
  }

  /**
   * Expected: numpy. ratio = sum(a) / sum(b); error = sqrt(var(a - ratio * b, ddof=1) / 21) /
   * mean(b), whose residuals have the mean 0; 2.527977... is Student's t of 20 degrees at 99 %.
   */
  @Example
  void theRatioAndItsBoundsAreThoseOfTheTextbook() {
    SumRing ring = ring(ABOVE, BELOW, 21);
    double lower = RATIO - HALF;
    double upper = RATIO + HALF;
    Evidence refuted = evidence(ring, Side.AtMost, 0.1);
    assertThat(refuted.estimate()).isCloseTo(RATIO, within(1e-12));
    assertThat(refuted.bound()).isCloseTo(lower, within(1e-9));
    assertThat(refuted.inside()).isFalse();
    assertThat(refuted.beyond()).isTrue();
    assertThat(refuted.samples()).isEqualTo(21);
    Evidence doubted = evidence(ring, Side.AtMost, lower + 1e-6);
    assertThat(doubted.inside()).isFalse();
    assertThat(doubted.beyond()).isFalse();
    Evidence held = evidence(ring, Side.AtMost, 0.2);
    assertThat(held.bound()).isCloseTo(upper, within(1e-9));
    assertThat(held.inside()).isTrue();
    assertThat(held.beyond()).isFalse();
    Evidence missed = evidence(ring, Side.AtLeast, 0.2);
    assertThat(missed.bound()).isCloseTo(upper, within(1e-9));
    assertThat(missed.beyond()).isTrue();
    assertThat(evidence(ring, Side.AtLeast, 0.1).bound()).isCloseTo(lower, within(1e-9));
  }

  @Example
  void fewerThanTwentyBatchesRefuteNothing() {
    assertThat(evidence(ring(ABOVE, BELOW, 19), Side.AtMost, 0.01).beyond()).isFalse();
    assertThat(evidence(ring(ABOVE, BELOW, 20), Side.AtMost, 0.01).beyond()).isTrue();
  }

  @Example
  void nothingBelowIsNoDemand() {
    var ring = new SumRing(SLOT, 100);
    assertThat(evidence(ring, Side.AtMost, 0.1).lacking()).isEqualTo(Cause.NoDemand);
    ring.add(NOW, 5, 0);
    assertThat(evidence(ring, Side.AtMost, 0.1).lacking()).isEqualTo(Cause.NoDemand);
  }

  /** Of 30 batches the true ratio lies beyond the bound about once in a hundred, on each side. */
  @Example
  void theBoundKeepsItsPromise() {
    var random = new Random(1);
    int windows = 20_000;
    int tooHigh = 0;
    int tooLow = 0;
    for (int i = 0; i < windows; i++) {
      var ring = new SumRing(SLOT, 100);
      for (int batch = 0; batch < 30; batch++) {
        double busy = 5e6 * (1 + 0.3 * random.nextGaussian());
        double share = 0.1 * (1 + 0.4 * random.nextGaussian());
        long below = Math.round(Math.max(1e5, busy));
        ring.add(NOW - batch * SLOT.toMillis(), Math.round(below * Math.max(0, share)), below);
      }
      tooHigh += evidence(ring, Side.AtMost, TRUTH).beyond() ? 1 : 0;
      tooLow += evidence(ring, Side.AtLeast, TRUTH).beyond() ? 1 : 0;
    }
    // A ratio's bound is approximate: a half as much again is what it may cost.
    assertThat(100.0 * tooHigh / windows).isBetween(0.5, 1.5);
    assertThat(100.0 * tooLow / windows).isBetween(0.5, 1.5);
  }

  @Property(tries = 200)
  void theUnitDoesNotMatter(@ForAll long seed) {
    var random = new Random(seed);
    var small = new SumRing(SLOT, 100);
    var large = new SumRing(SLOT, 100);
    for (int i = 0; i < 30; i++) {
      long below = 1L + random.nextInt(10_000);
      long above = random.nextInt(2000);
      small.add(NOW - i * SLOT.toMillis(), above, below);
      large.add(NOW - i * SLOT.toMillis(), above * 1000, below * 1000);
    }
    Evidence one = evidence(small, Side.AtMost, 0.2);
    Evidence other = evidence(large, Side.AtMost, 0.2);
    assertThat(other.bound()).isCloseTo(one.bound(), within(1e-12));
    assertThat(other.beyond()).isEqualTo(one.beyond());
    assertThat(one.beyond()).isEqualTo(!one.inside() && one.bound() > 0.2);
  }
}

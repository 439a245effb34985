package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against binomial sums in 40 digits, halved down to the share that the definition asks for. */
class ExactBoundsTest {
  private static final MathContext DIGITS = new MathContext(40);
  private static final double PRECISION = 1e-9;
  private static final int HALVINGS = 45;

  /** Probability of at most so many good ones. */
  private static BigDecimal atMost(int good, int total, BigDecimal share) {
    BigDecimal other = BigDecimal.ONE.subtract(share);
    BigDecimal term = other.pow(total, DIGITS);
    BigDecimal sum = term;
    for (int k = 1; k <= good; k++) {
      term =
          term.multiply(share, DIGITS)
              .multiply(BigDecimal.valueOf(total - k + 1L), DIGITS)
              .divide(other.multiply(BigDecimal.valueOf(k)), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    return sum;
  }

  /** The share at which at most so many good ones have this probability. */
  private static double share(int good, int total, double probability) {
    BigDecimal wanted = BigDecimal.valueOf(probability);
    BigDecimal low = BigDecimal.ZERO;
    BigDecimal high = BigDecimal.ONE;
    for (int i = 0; i < HALVINGS; i++) {
      BigDecimal middle = low.add(high).divide(BigDecimal.TWO, DIGITS);
      if (atMost(good, total, middle).compareTo(wanted) > 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low.doubleValue();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 14",
    "1, 14",
    "7, 14",
    "13, 14",
    "1, 29",
    "28, 29",
    "55, 59",
    "58, 59",
    "150, 300",
    "270, 300",
    "275, 300",
    "285, 300",
    "290, 300",
    "299, 300",
    "296, 299",
    "590, 598",
    "597, 598"
  })
  void theBoundsAreThoseOfTheBinomialSum(int good, int total) {
    for (double confidence : new double[] {0.95, 0.99}) {
      assertThat(Bounds.upper(good, total, confidence))
          .isCloseTo(share(good, total, 1 - confidence), within(PRECISION));
      if (good > 0) {
        assertThat(Bounds.lower(good, total, confidence))
            .isCloseTo(share(good - 1, total, confidence), within(PRECISION));
      }
    }
  }

  /** Clopper and Pearson's 95 % limits of both sides, as they stand in tables. */
  @ParameterizedTest
  @CsvSource({
    "1, 10, 0.0025, 0.4450",
    "5, 10, 0.1871, 0.8129",
    "9, 10, 0.5550, 0.9975",
    "10, 20, 0.2720, 0.7280",
    "1, 20, 0.0013, 0.2487"
  })
  void theTablesHold(int good, int total, double lower, double upper) {
    assertThat(Bounds.lower(good, total, 0.975)).isCloseTo(lower, within(5e-5));
    assertThat(Bounds.upper(good, total, 0.975)).isCloseTo(upper, within(5e-5));
  }

  @Property(tries = 500)
  void theyEncloseTheShareAndComparingIsInverting(
      @ForAll @IntRange(min = 1, max = 100_000) int total,
      @ForAll @DoubleRange(min = 0, max = 1) double share,
      @ForAll @DoubleRange(min = 1, max = 60) double effect) {
    double good = Math.floor(share * total) / effect;
    double all = total / effect;
    double lower = Bounds.lower(good, all, 0.99);
    double upper = Bounds.upper(good, all, 0.99);
    assertThat(lower).isBetween(0.0, good / all);
    assertThat(upper).isBetween(good / all, 1.0);
    if (Math.abs(upper - 0.95) > PRECISION) {
      assertThat(Bounds.below(good, all, 0.95, 0.99)).isEqualTo(upper < 0.95);
    }
  }
}

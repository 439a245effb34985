package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures as people read them. */
class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "1, 100%",
    "0.99996, 99.996%",
    "0.999999, 99.9999%",
    "0.9942, 99.42%",
    "0.99424, 99.42%",
    "0.995, 99.5%",
    "0.95, 95%",
    "0.9337, 93.4%",
    "0.5, 50%",
    "0.004, 0%",
    "0, 0%",
    "NaN, ''"
  })
  void sharesAreRoundedOnTheirBadPart(double share, String text) {
    assertThat(Figures.share(share)).isEqualTo(text);
  }

  @Property
  void onlyEverythingIsAHundredPercent(@ForAll @DoubleRange(min = 0, max = 1) double share) {
    assertThat(Figures.share(share).equals("100%")).isEqualTo(share == 1);
  }

  @Property
  void theBadPartHasTwoDigits(
      @ForAll @DoubleRange(min = 0.5, max = 0.9999) @Scale(6) double share) {
    double bad = 100 - 100 * share;
    double shown = 100 - Double.parseDouble(Figures.share(share).replace("%", ""));
    assertThat(Math.abs(shown - bad)).isLessThanOrEqualTo(0.05 * bad + 1e-9);
  }

  @ParameterizedTest
  @CsvSource({
    "98.2604, ' MB', 98.3 MB",
    "0.012345, ' s', 0.0123 s",
    "1234567, '', 1230000",
    "0, ' C', 0 C",
    "NaN, ' C', ''"
  })
  void valuesHaveThreeDigits(double value, String unit, String text) {
    assertThat(Figures.value(value, unit)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0.9496, SHARE, 0.95, 94.96%",
    "0.949999, SHARE, 0.95, 94.9999%",
    "0.9504, SHARE, 0.95, 95.04%",
    "0.95, SHARE, 0.95, 95%",
    "0.3, SHARE, 0.95, 30%",
    "0.054, PART, 0.05, 5.4%",
    "0.004, PART, 0.05, 0.4%",
    "0.050001, PART, 0.05, 5.0001%",
    "100040000, SIZE, 100000000, 100.04MB",
    "52300000, SIZE, 100000000, 52.3MB"
  })
  void aFigureIsOnTheSideOfItsBoundOnWhichItReads(
      double value, Measure.Kind kind, double bound, String text) {
    assertThat(Measure.show(value, kind, bound)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"20, 20s", "60, 1m", "90, 90s", "300, 5m", "3600, 1h", "5400, 90m", "604800, 7d"})
  void spansAreToldInTheirLargestUnit(long seconds, String text) {
    assertThat(Figures.span(Duration.ofSeconds(seconds))).isEqualTo(text);
  }
}

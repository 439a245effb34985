package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Values of each hour. The expected ones were computed by numpy 2 and scipy 1 (theilslopes,
 * rankdata, norm), in a program of its own that follows the formulas of the sources.
 */
class MannKendallTest {
  private static MannKendall.Life life(String values) {
    double[] parsed = Arrays.stream(values.split(" ")).mapToDouble(Double::parseDouble).toArray();
    return new MannKendall.Life(
        IntStream.range(0, parsed.length).mapToDouble(hour -> hour / 24.0).toArray(), parsed);
  }

  @ParameterizedTest
  @CsvSource({
    // alternating, so no autocorrelation raises the variance
    "10 13 10 14 11 15 12 16 13 17 14 18 15 19 16 20 17 21 18 22,12,12,6.395789593553687e-06",
    // noise, with equal values
    "52 47 55 50 49 53 46 51 54 48 50 52 47 53 49 51 50 48 55 46 52,0,-8,0.5960630332142005",
    // slow waves: the variance is ten times that of independent values
    "50 53 55 56 58 57 55 52 50 48 47 48 51 54 57 59 60 58 56 53 51 50 49 51,"
        + "-1.6071428571428572,-72,0.546858795315839",
    // a line
    "20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43,"
        + "24,24,4.5138169626724495e-12",
    // a leak, halved by a restart
    "20 22 23 25 26 29 30 31 33 34 36 37|20 21 23 25 26 28 29 32 33 34 36 38,"
        + "38.400000000000006,36,2.6104345998881216e-09"
  })
  void theTablesHold(String lives, double slope, double lower, double chance) {
    MannKendall growth =
        MannKendall.of(Arrays.stream(lives.split("\\|")).map(MannKendallTest::life).toList());
    assertThat(growth.slope()).isCloseTo(slope, within(1e-9));
    assertThat(growth.lower()).isCloseTo(lower, within(1e-9));
    assertThat(growth.chance()).isCloseTo(chance, within(1e-9 * chance));
  }

  @Test
  void whatStaysTheSameDoesNotGrow() {
    MannKendall growth = MannKendall.of(List.of(life("5 5 5 5 5 5 5 5")));
    assertThat(growth).isEqualTo(new MannKendall(0, 0, 1));
  }

  @Test
  void ofSingleValuesNothingIsSaid() {
    MannKendall growth = MannKendall.of(List.of(life("5"), life("9")));
    assertThat(growth.slope()).isNaN();
    assertThat(growth.chance()).isEqualTo(1);
  }
}

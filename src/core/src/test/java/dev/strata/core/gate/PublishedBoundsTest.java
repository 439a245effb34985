package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Against values that others have printed, and against the same ones to 17 digits. The latter were
 * computed by mpmath 1.3 in 40 digits: the root of mpmath.betainc(a, b, 0, x, regularized=True) -
 * confidence by 125 halvings; Student's t through 1 - I(v / (v + t^2), v / 2, 1 / 2) / 2. That of
 * 100,000 events is scipy's beta.ppf.
 */
class PublishedBoundsTest {
  private static final double PRECISION = 1e-9;

  @ParameterizedTest
  @CsvSource({
    "1, 10, 0.975, 0.0025285785444617845, 0.44501611702819542",
    "5, 10, 0.975, 0.18708602844739853, 0.81291397155260147",
    "9, 10, 0.975, 0.55498388297180458, 0.99747142145553822",
    "1, 20, 0.975, 0.0012650894979498037, 0.24873276277202778",
    "10, 20, 0.975, 0.27195784956079181, 0.72804215043920819",
    "55, 59, 0.99, 0.81564667350292913, 0.98578152899316294",
    "58, 59, 0.95, 0.92210207848118169, 0.99913099992847441",
    "275, 300, 0.99, 0.87211196267550425, 0.94970912241509249",
    "285, 300, 0.99, 0.91259973486463837, 0.97480101517650113",
    "1140, 1200, 0.99, 0.93339386590841785, 0.96354335478988102",
    "590, 598, 0.99, 0.97112687605043890, 0.99512356060324758",
    // divided by a design effect
    "11, 12.5, 0.99, 0.52456119357658856, 0.99532229801165029",
    "90.4, 97.1, 0.99, 0.84683194447717686, 0.97730392848710132",
    "94000, 100000, 0.99, 0.9382304839387177, 0.941734697717366"
  })
  void theBoundsOfAShare(double good, double total, double confidence, double low, double high) {
    assertThat(Bounds.lower(good, total, confidence)).isCloseTo(low, within(PRECISION));
    assertThat(Bounds.upper(good, total, confidence)).isCloseTo(high, within(PRECISION));
    assertThat(Bounds.below(good, total, high + PRECISION, confidence)).isTrue();
    assertThat(Bounds.below(good, total, high - PRECISION, confidence)).isFalse();
  }

  /** Degrees of freedom, and the quantiles at 95 % and 99 %. */
  @ParameterizedTest
  @CsvSource({
    "1, 6.3137515146750431, 31.820515953773958",
    "2, 2.9199855803537257, 6.9645567342832742",
    "3, 2.3533634348018239, 4.5407028585681336",
    "4, 2.1318467863266503, 3.7469473879791968",
    "5, 2.0150483733330243, 3.3649299989072186",
    "9, 1.8331129326562372, 2.8214379250258088",
    "10, 1.8124611228116764, 2.7637694581126962",
    "19, 1.7291328115213695, 2.5394831906239626",
    "20, 1.7247182429207873, 2.5279770027415735",
    "29, 1.6991270265334978, 2.4620213601504124",
    "30, 1.6972608865939578, 2.4572615424005914",
    "59, 1.6710930321038950, 2.3912288372073567",
    "60, 1.6706488649046365, 2.3901194726249133",
    "119, 1.6577592849428334, 2.3580925558316698",
    "120, 1.6576508993552356, 2.3578246126487555",
    "399, 1.6486815335554256, 2.3357299585968976"
  })
  void theQuantilesOfStudent(int freedom, double at95, double at99) {
    assertThat(Bounds.student(freedom + 1, 0.95)).isCloseTo(at95, within(PRECISION * at95));
    assertThat(Bounds.student(freedom + 1, 0.99)).isCloseTo(at99, within(PRECISION * at99));
  }

  /**
   * As they are printed in R. A. Fisher and F. Yates, Statistical Tables for Biological,
   * Agricultural and Medical Research, table III, and in every textbook since.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 6.314, 31.821",
    "2, 2.920, 6.965",
    "3, 2.353, 4.541",
    "4, 2.132, 3.747",
    "5, 2.015, 3.365",
    "10, 1.812, 2.764",
    "20, 1.725, 2.528",
    "30, 1.697, 2.457",
    "60, 1.671, 2.390",
    "120, 1.658, 2.358"
  })
  void theTablesOfStudentHold(int freedom, double at95, double at99) {
    assertThat(Bounds.student(freedom + 1, 0.95)).isCloseTo(at95, within(5e-4));
    assertThat(Bounds.student(freedom + 1, 0.99)).isCloseTo(at99, within(5e-4));
  }
}

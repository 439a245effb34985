package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** At most 0.8, violated from 12 of 15 slices on. */
class SliceEstimatorTest {
  private static final Rule.Slices RULE = new Rule.Slices(Side.AtMost, 0.8, 12, 15);

  private static Evidence of(List<Double> values) {
    return SliceEstimator.estimate(values, RULE, values.size());
  }

  private static List<Double> slices(int bad, int good) {
    List<Double> values = new ArrayList<>(Collections.nCopies(bad, 0.81));
    values.addAll(Collections.nCopies(good, 0.8));
    return values;
  }

  @Property(tries = 200)
  void soManyBadOnesAreBeyondWhereverTheyAre(
      @ForAll @IntRange(min = 0, max = 15) int bad, @ForAll long seed) {
    List<Double> values = slices(bad, 15 - bad);
    Collections.shuffle(values, new Random(seed));
    Evidence evidence = of(values);
    assertThat(evidence.beyond()).isEqualTo(bad >= 12);
    assertThat(evidence.inside()).isEqualTo(bad < 12);
    assertThat(evidence.estimate()).isCloseTo(1 - bad / 15.0, within(1e-12));
    assertThat(evidence.bound()).isEqualTo(evidence.estimate());
    assertThat(evidence.samples()).isEqualTo(15);
  }

  @Example
  void onlyTheLastOnesCount() {
    List<Double> values = slices(100, 4);
    assertThat(of(values).beyond()).as("11 of the last 15").isFalse();
    assertThat(of(values.subList(0, 103)).beyond()).as("12 of the last 15").isTrue();
    assertThat(of(values).samples()).isEqualTo(15);
    assertThat(of(values).mark()).isEqualTo(104);
  }

  @Example
  void twelveBadOnesNeedNoFullWindowAndNoSecondLook() {
    Evidence evidence = of(slices(12, 0));
    assertThat(evidence.beyond()).isTrue();
    assertThat(evidence.certain()).isTrue();
    assertThat(evidence.samples()).isEqualTo(12);
  }

  @Example
  void theOtherSide() {
    var least = new Rule.Slices(Side.AtLeast, 0.6, 2, 3);
    assertThat(SliceEstimator.estimate(List.of(0.6, 0.59, 0.61), least, 3).beyond()).isFalse();
    assertThat(SliceEstimator.estimate(List.of(0.6, 0.59, 0.58), least, 3).beyond()).isTrue();
  }

  @Example
  void ofNoneNothingIsKnown() {
    Evidence evidence = of(List.of());
    assertThat(evidence.estimate()).isNaN();
    assertThat(evidence.samples()).isZero();
    assertThat(evidence.beyond()).isFalse();
  }
}

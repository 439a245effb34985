package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.core.signal.GaugeRing;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Agents' memory, at most 100, of which each needs 30 values. */
class ValueEstimatorTest {
  private static final Objective MEMORY =
      new Objective(
          "agent-memory",
          Layer.Application,
          true,
          new Rule.Value(Side.AtMost, 100),
          Window.of(Duration.ofMinutes(5)),
          30,
          1);
  private static final long NOW = 1_000_000;

  private final Map<String, GaugeRing> owners = new HashMap<>();

  private void agent(String name, int seconds, double value) {
    var ring = new GaugeRing(MEMORY.window().span());
    for (int i = 0; i < seconds; i++) {
      ring.add(NOW - i * 1000L, value);
    }
    owners.put(name, ring);
  }

  private Evidence evidence() {
    return ValueEstimator.estimate(owners, Side.AtMost, 100, MEMORY.window(), 30, NOW);
  }

  private Standing judged(Standing before) {
    return Judge.next(MEMORY, before, evidence(), NOW);
  }

  @Test
  void whoHasTooFewValuesIsLeftOut() {
    agent("old", 60, 50);
    agent("young", 29, 500);
    assertThat(evidence().estimate()).isEqualTo(50);
  }

  @Test
  void theEndOfTheOnlyOneWithEnoughValuesChangesNoVerdict() {
    agent("first", 30, 50);
    agent("second", 27, 40);
    Standing standing = judged(Standing.begin(Cause.Warming, 0));
    assertThat(standing.verdict()).isEqualTo(Verdict.Met);
    owners.remove("first");
    assertThat(judged(standing).verdict()).isEqualTo(Verdict.Met);
    assertThat(evidence().estimate()).isEqualTo(40);
  }

  @Test
  void whatIsEnoughToStayIsNotEnoughToBegin() {
    agent("second", 27, 40);
    assertThat(judged(Standing.begin(Cause.Warming, 0)).cause())
        .isEqualTo(Cause.InsufficientSamples);
  }
}

package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.strata.core.signal.SumRing;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A ratio that each agent has for itself: the worst one counts. */
class OwnerRatiosTest {
  private static final Window WINDOW = Window.of(Duration.ofMinutes(5));
  private static final long NOW = 300_000;

  private final Map<String, SumRing> owners = new HashMap<>();

  private void owner(String name, int batches, int percent) {
    var ring = new SumRing(Duration.ofSeconds(10), 40);
    for (int i = 0; i < batches; i++) {
      ring.add(i * 10_000L + 5_000, percent * 100L + i % 3, 10_000);
    }
    owners.put(name, ring);
  }

  private Evidence evidence() {
    return RatioEstimator.worst(owners, Side.AtMost, 0.05, WINDOW, NOW);
  }

  @Test
  void oneSickOfFortyIsNotHiddenByTheOthers() {
    for (int i = 0; i < 39; i++) {
      owner("agent-" + i, 30, 1);
    }
    owner("sick", 30, 60);
    assertThat(evidence().estimate()).isCloseTo(0.6, within(0.001));
    assertThat(evidence().beyond()).isTrue();
  }

  @Test
  void allInsideIsInside() {
    owner("agent-0", 30, 1);
    owner("agent-1", 30, 4);
    assertThat(evidence().inside()).isTrue();
    assertThat(evidence().beyond()).isFalse();
    assertThat(evidence().samples()).isGreaterThanOrEqualTo(RatioEstimator.LEAST_BATCHES);
  }

  @Test
  void whoHasJustBegunIsLeftOut() {
    owner("agent-0", 30, 1);
    owner("agent-1", 5, 90);
    assertThat(evidence().inside()).isTrue();
  }

  @Test
  void nobodyIsNoEvidence() {
    assertThat(evidence().samples()).isZero();
    assertThat(evidence().estimate()).isNaN();
  }
}

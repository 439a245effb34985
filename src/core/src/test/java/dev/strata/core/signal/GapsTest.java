package dev.strata.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Times in which nobody listened, or somebody was overlooked. */
class GapsTest {
  private final Listener listener = new Listener();
  private final FakeAgent agent = new FakeAgent("agent-0", "p0");

  private void lives(int seconds) {
    for (int i = 0; i < seconds; i++) {
      agent.second(9, 10);
    }
  }

  private void folds() {
    Folding folding = listener.signals.fold(agent.report(), agent.seconds() * 1000L);
    assertThat(folding.refused()).as(folding.why()).isFalse();
  }

  @Test
  void whatAnHourWithoutAnOperatorLeftOutIsSpreadOverTheHour() {
    lives(10);
    folds();
    lives(1000);
    folds();
    assertThat(listener.counts()).as("nothing is lost").isEqualTo(agent.counts(1010));
    Counts window = listener.done.within(1010_000, Duration.ofMinutes(5));
    assertThat(window.total()).as("and nothing is where it was not").isBetween(2800L, 3200L);
    assertThat(window.share()).isCloseTo(0.9, within(0.005));
  }

  @Test
  void whoWasOverlookedForAMomentIsHeardAgain() {
    lives(10);
    folds();
    listener.signals.keepOnly(Set.of(), 10_500);
    listener.signals.keepOnly(Set.of("agent-0"), 11_500);
    lives(20);
    folds();
    assertThat(listener.counts()).isEqualTo(agent.counts(30));
  }
}

package dev.strata.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is known of each agent by itself. */
class GroupRingsTest {
  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final long NOW = 1_000_000;

  private final PoolSignals signals = new PoolSignals();
  private final GroupRings groups = signals.groups(FakeAgent.DONE, WINDOW);

  private static FakeAgent agent(String name, String process) {
    return new FakeAgent(name, process).second(9, 10);
  }

  @Test
  void eachAgentHasItsOwn() {
    signals.fold(agent("one", "p1").report(), NOW);
    signals.fold(agent("other", "p2").second(0, 3).report(), NOW);
    assertThat(groups.within(NOW))
        .isEqualTo(Map.of("one", new Counts(9, 10), "other", new Counts(9, 13)));
  }

  @Test
  void whatAProcessLeftOpenIsBadForItsAgentAlone() {
    signals.fold(agent("crashed", "old").open(3).report(), NOW);
    signals.fold(agent("other", "p2").report(), NOW);
    signals.fold(agent("crashed", "new").report(), NOW + 5000);
    assertThat(groups.within(NOW + 5000))
        .isEqualTo(Map.of("crashed", new Counts(18, 23), "other", new Counts(9, 10)));
  }

  @Test
  void whoeverThePoolDoesNotHaveIsForgotten() {
    signals.fold(agent("gone", "p1").open(3).report(), NOW);
    signals.fold(agent("here", "p2").report(), NOW);
    signals.keepOnly(Set.of("here"), NOW + 1000);
    assertThat(groups.within(NOW + 1000)).containsOnlyKeys("here");
  }

  @Test
  void whatIsOlderThanTheWindowIsNotKept() {
    signals.fold(agent("one", "p1").report(), NOW);
    assertThat(groups.within(NOW + WINDOW.toMillis() - 20_000)).containsOnlyKeys("one");
    assertThat(groups.within(NOW + WINDOW.toMillis())).isEmpty();
  }

  @Test
  void whatTheOperatorCountsBelongsToNoAgent() {
    signals.event(FakeAgent.DONE, NOW, 1, 1);
    assertThat(groups.within(NOW)).isEmpty();
  }

  @Test
  void anotherOperatorFillsThemAnew() {
    FakeAgent agent = agent("one", "p1");
    signals.fold(agent.report(), NOW);
    PoolSignals next = PoolSignals.restore(signals.save());
    GroupRings anew = next.groups(FakeAgent.DONE, WINDOW);
    next.fold(agent.second(1, 2).report(), NOW + 1000);
    assertThat(anew.within(NOW + 1000)).isEqualTo(Map.of("one", new Counts(1, 2)));
  }

  @Test
  void eachWindowIsKeptOnceAndTheOldestOfManyGivesWay() {
    assertThat(signals.groups(FakeAgent.DONE, WINDOW)).isSameAs(groups);
    for (int seconds = 10; seconds < 18; seconds++) {
      signals.groups(FakeAgent.DONE, Duration.ofSeconds(seconds));
    }
    assertThat(signals.groups(FakeAgent.DONE, WINDOW)).isNotSameAs(groups);
  }

  @Test
  void longWindowsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> signals.groups(FakeAgent.DONE, GroupRings.LONGEST.plusSeconds(1)))
        .withMessageContaining("up to PT15M");
  }
}

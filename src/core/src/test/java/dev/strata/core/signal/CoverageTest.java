package dev.strata.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much of what should be heard is heard. */
class CoverageTest {
  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final int AGENTS = 40;

  private final PoolSignals signals = new PoolSignals();
  private final List<FakeAgent> agents = new ArrayList<>();
  private final Map<String, Long> due =
      IntStream.range(0, AGENTS).boxed().collect(Collectors.toMap(i -> "agent-" + i, i -> 0L));
  private int now;

  private void agentsOfAge(int seconds) {
    for (int i = 0; i < AGENTS; i++) {
      agents.add(new FakeAgent("agent-" + i, "p" + i));
      passesFor(agents.get(i), seconds);
    }
  }

  private static void passesFor(FakeAgent agent, int seconds) {
    for (int i = 0; i < seconds; i++) {
      agent.second(1, 1);
    }
  }

  /** All agents are expected, and all but the first ones heard. */
  private void passes(int seconds, int silent) {
    for (int end = now + seconds; now < end; now++) {
      signals.expect(due, now * 1000L);
      agents.forEach(agent -> passesFor(agent, 1));
      agents.stream().skip(silent).forEach(agent -> signals.fold(agent.report(), now * 1000L));
    }
  }

  private double coverage() {
    return signals.coverage((now - 1) * 1000L, WINDOW);
  }

  @Test
  void nothingExpectedIsNotEverythingHeard() {
    assertThat(coverage()).isNaN();
  }

  @Test
  void allThatReportAreHeard() {
    agentsOfAge(0);
    passes(600, 0);
    assertThat(coverage()).isEqualTo(1);
  }

  @Test
  void ofAYoungPoolNothingIsSaid() {
    agentsOfAge(0);
    passes(30, 10);
    assertThat(coverage()).isNaN();
  }

  @Test
  void silentAgentsAreMissed() {
    agentsOfAge(0);
    passes(300, 0);
    passes(300, 10);
    assertThat(coverage()).isCloseTo(0.75, within(0.001));
  }

  @Test
  void whatFirstReportsTellOfDoesNotHideASilentAgent() {
    agentsOfAge(500);
    passes(70, 10);
    assertThat(coverage()).isCloseTo(0.75, within(0.001));
  }

  @Test
  void lostReportsAreMadeUpForByLaterOnes() {
    agentsOfAge(0);
    passes(300, 0);
    passes(59, AGENTS);
    passes(1, 0);
    assertThat(coverage()).isEqualTo(1);
  }

  @Test
  void whoIsNotDueHidesNobodysSilence() {
    agentsOfAge(0);
    passes(300, 0);
    due.keySet().removeAll(Set.of("agent-1", "agent-2", "agent-3", "agent-4"));
    due.remove("agent-0");
    for (int i = 40; i < 45; i++) {
      due.put("agent-" + i, now * 1000L);
    }
    passes(300, 1);
    assertThat(coverage())
        .as("five agents are silent; four that drain are heard, and nobody waits for them")
        .isCloseTo(35 / 40.0, within(0.001));
  }

  @Test
  void aTimeWithoutAnOperatorIsAGapOfWhatCannotBeToldAgain() {
    agentsOfAge(0);
    passes(600, 0);
    now += 120;
    agents.forEach(agent -> passesFor(agent, 120));
    passes(1, 0);
    assertThat(coverage()).as("reports tell of the last 60 s of them").isCloseTo(0.8, within(0.01));
  }
}

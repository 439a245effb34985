package dev.strata.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.core.gate.GateConditions.Said;
import dev.strata.core.gate.Verdict;
import org.junit.jupiter.api.Test;

/** What of a gate outlasts an edit of its spec. */
class WatchTest {
  private static final String EVICTING =
      """
      metadata: {name: slo}
      spec:
        poolRef: {name: research}
        profiles: [application]
        mode: Enforce
        enforcement:
          - action: Evict
            objectives: [agent-memory]
            maxSeconds: 600
            maxAffected: 30%
            cooldownSeconds: 300
            budgetPerHour: 3
      """;

  private static final String HOLDING =
      """
      metadata: {name: slo}
      spec:
        poolRef: {name: research}
        profiles: [application]
        mode: Enforce
        enforcement:
          - action: HoldScaleDown
            objectives: [agent-memory]
            maxSeconds: 600
      """;

  private static final Said TOO_MANY =
      new Said("EnforcementAllowed", Verdict.Violated, "TooManyViolators", "5 of 10 agents");

  private static String allowed(Watch watch) {
    return watch.conditions().stream()
        .filter(c -> c.type().equals("EnforcementAllowed"))
        .findFirst()
        .orElseThrow()
        .reason();
  }

  @Test
  void whatKeepsItFromEvictingStaysWhileItEvicts() throws BadGateException {
    Watch watch = GateDesk.watch(EVICTING, null);
    watch.obstacle(TOO_MANY);
    assertThat(allowed(GateDesk.watch(EVICTING, watch))).isEqualTo("TooManyViolators");
  }

  @Test
  void whatKeptItFromEvictingGoesWithTheEviction() throws BadGateException {
    Watch watch = GateDesk.watch(EVICTING, null);
    watch.obstacle(TOO_MANY);
    assertThat(allowed(GateDesk.watch(HOLDING, watch))).isEqualTo("Allowed");
  }
}

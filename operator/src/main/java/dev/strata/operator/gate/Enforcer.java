package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.BypassSpec;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateSpec;
import dev.strata.core.gate.GateConditions.Said;
import dev.strata.core.gate.HoldRule;
import dev.strata.core.gate.Holds.Held;
import dev.strata.core.gate.Verdict;
import dev.strata.core.pool.ScaleHold;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What follows from a gate's verdicts, and whether anything may. */
final class Enforcer {
  private static final Duration LONGEST_BYPASS = Duration.ofHours(24);

  private Enforcer() {}

  static List<HoldRule> rules(QualityGateSpec spec) {
    return spec.enforcement().stream()
        .map(
            e ->
                new HoldRule(
                    HoldRule.Kind.valueOf(e.action()),
                    e.objectives(),
                    Duration.ofSeconds(e.maxSeconds())))
        .toList();
  }

  /** What no rule of the schema can say, because it has no clock and does not know the profiles. */
  static void check(QualityGateSpec spec, List<Target> targets, long nowMillis)
      throws BadGateException {
    BypassSpec bypass = spec.bypass();
    if (bypass != null
        && Instant.parse(bypass.until())
            .isAfter(Instant.ofEpochMilli(nowMillis).plus(LONGEST_BYPASS))) {
      throw new BadGateException(
          "spec.bypass.until is more than 24 hours ahead: write an earlier moment, and renew it when it is needed for longer");
    }
    List<String> names = targets.stream().map(t -> t.objective().name()).toList();
    for (HoldRule rule : rules(spec)) {
      for (String objective : rule.objectives()) {
        if (!names.contains(objective)) {
          throw new BadGateException(
              "spec.enforcement names the objective %s, which this gate does not judge: correct the name"
                  .formatted(objective));
        }
      }
    }
  }

  /** Whether anything may follow now, as a condition. */
  static Said allowed(QualityGateSpec spec, long nowMillis) {
    if (!"Enforce".equals(spec.mode())) {
      return new Said(
          "EnforcementAllowed",
          Verdict.Violated,
          "ObserveOnly",
          "spec.mode is " + spec.mode() + ": nothing follows from a violation");
    }
    BypassSpec bypass = spec.bypass();
    return bypass != null && Instant.ofEpochMilli(nowMillis).isBefore(Instant.parse(bypass.until()))
        ? new Said(
            "EnforcementAllowed",
            Verdict.Violated,
            "Bypassed",
            "until " + bypass.until() + ": " + bypass.reason())
        : new Said(
            "EnforcementAllowed",
            Verdict.Met,
            "Allowed",
            spec.enforcement().size() + " rules are in force");
  }

  /** What is being held, as a condition that is there only while something is. */
  static Optional<Said> enforcing(List<Held> holds) {
    return holds.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Said(
                "Enforcing",
                Verdict.Met,
                holds.getFirst().kind() == HoldRule.Kind.HoldScaleUp
                    ? "HoldingScaleUp"
                    : "HoldingScaleDown",
                holds.stream()
                    .map(h -> h.kind() + " for " + h.row().objective().name())
                    .distinct()
                    .collect(Collectors.joining(", "))));
  }

  /** The hold as the pool's planner takes it. */
  static ScaleHold hold(QualityGate gate, Held held) {
    return new ScaleHold(
        held.kind() == HoldRule.Kind.HoldScaleUp ? ScaleHold.Kind.UP : ScaleHold.Kind.DOWN,
        "gate %s holds it while %s is violated, until %s at the latest"
            .formatted(
                gate.getMetadata().getName(),
                held.row().objective().name(),
                Instant.ofEpochMilli(held.untilMillis() / 1000 * 1000)));
  }
}

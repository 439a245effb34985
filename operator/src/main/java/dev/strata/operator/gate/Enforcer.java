package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.BypassSpec;
import dev.strata.api.v1alpha1.EnforcementSpec;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateSpec;
import dev.strata.core.gate.GateConditions.Said;
import dev.strata.core.gate.HoldRule;
import dev.strata.core.gate.Holds.Held;
import dev.strata.core.gate.Verdict;
import dev.strata.core.pool.EvictionLimits;
import dev.strata.core.pool.PoolHold;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What follows from a gate's verdicts, and whether anything may. */
final class Enforcer {
  private static final String QUARANTINE = "Quarantine";

  /** What takes agents away that miss a target by themselves. */
  static final Set<String> TAKING = Set.of("Evict", QUARANTINE);

  private Enforcer() {}

  /**
   * What agents are taken away for.
   *
   * @param objectives names of targets
   * @param most for how long after a violation began
   * @param quarantine how long they are kept without work; null: they are evicted
   */
  record EvictRule(
      List<String> objectives,
      Duration most,
      EvictionLimits limits,
      @Nullable Duration quarantine) {}

  static List<HoldRule> rules(QualityGateSpec spec) {
    return spec.enforcement().stream()
        .filter(e -> !TAKING.contains(e.action()))
        .map(
            e ->
                new HoldRule(
                    HoldRule.Kind.valueOf(e.action()),
                    e.objectives(),
                    Duration.ofSeconds(e.maxSeconds()),
                    Objects.requireNonNullElse(e.spares(), 0)))
        .toList();
  }

  /** What agents are taken away for; the schema makes sure that limits are there. */
  static List<EvictRule> evictions(QualityGateSpec spec) {
    return spec.enforcement().stream()
        .filter(e -> TAKING.contains(e.action()))
        .map(
            e -> {
              Duration most = Duration.ofSeconds(e.maxSeconds());
              return new EvictRule(
                  e.objectives(), most, limits(e), QUARANTINE.equals(e.action()) ? most : null);
            })
        .toList();
  }

  private static EvictionLimits limits(EnforcementSpec spec) {
    IntOrString most = Objects.requireNonNull(spec.maxAffected());
    String share = most.getStrVal();
    return new EvictionLimits(
        share == null ? most.getIntVal() : Integer.parseInt(share.replace("%", "")),
        share != null,
        Duration.ofSeconds(Objects.requireNonNull(spec.cooldownSeconds())),
        Objects.requireNonNull(spec.budgetPerHour()));
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
                holds
                    .getFirst()
                    .kind()
                    .name()
                    .replace("Hold", "Holding")
                    .replace("Grow", "Growing"),
                holds.stream()
                    .map(h -> h.kind() + " for " + h.row().objective().name())
                    .distinct()
                    .collect(Collectors.joining(", "))));
  }

  /** The hold as the pool's planner takes it. */
  static PoolHold hold(QualityGate gate, Held held) {
    PoolHold.Kind kind =
        switch (held.kind()) {
          case HoldScaleUp -> PoolHold.Kind.UP;
          case HoldScaleDown -> PoolHold.Kind.DOWN;
          case HoldRollout -> PoolHold.Kind.ROLLOUT;
          case GrowWarm -> PoolHold.Kind.WARM;
          case Rollback -> throw new IllegalArgumentException("a rollback holds nothing");
        };
    return new PoolHold(
        kind,
        "gate %s holds it while %s is violated, until %s at the latest"
            .formatted(
                gate.getMetadata().getName(),
                held.row().objective().name(),
                Instant.ofEpochMilli(held.untilMillis() / 1000 * 1000)),
        Instant.ofEpochMilli(held.sinceMillis()),
        held.rule().spares());
  }
}

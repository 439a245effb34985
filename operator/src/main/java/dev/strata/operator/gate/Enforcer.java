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
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What follows from a gate's verdicts, and whether anything may. */
final class Enforcer {
  private static final String QUARANTINE = "Quarantine";
  private static final String ROLLBACK = "Rollback";

  /** What takes agents away that miss a target by themselves. */
  private static final Set<String> TAKING = Set.of("Evict", QUARANTINE);

  private static final Duration LONGEST_BYPASS = Duration.ofHours(24);
  private static final Duration LONGEST_ROLLBACK = Duration.ofHours(24);

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
    checkNotTwice(spec, targets);
    for (EnforcementSpec rule : spec.enforcement()) {
      for (String objective : rule.objectives()) {
        Target target =
            targets.stream()
                .filter(t -> t.objective().name().equals(objective))
                .findFirst()
                .orElseThrow(
                    () ->
                        new BadGateException(
                            "spec.enforcement names the objective %s, which this gate does not judge: correct the name"
                                .formatted(objective)));
        if (ROLLBACK.equals(rule.action())
            && target.objective().window().span().compareTo(LONGEST_ROLLBACK) >= 0) {
          throw new BadGateException(
              "spec.enforcement rolls back for %s, which looks back %s and judges earlier templates with the newest: write an objective with a window of less than a day"
                  .formatted(objective, target.window()));
        }
        if (TAKING.contains(rule.action()) && !target.blames()) {
          throw new BadGateException(
              "spec.enforcement takes agents away for %s, which is not measured agent by agent, so that nobody knows who is to go: write an objective with a value of each agent, such as agent-memory, or one of what each agent does itself over at most 15 minutes, such as response-time with a windowSeconds of 300 and no lastEvents"
                  .formatted(objective));
        }
      }
    }
  }

  /** Two rules for one signal would each believe in limits of their own. */
  private static void checkNotTwice(QualityGateSpec spec, List<Target> targets)
      throws BadGateException {
    Set<String> taken = new HashSet<>();
    for (EnforcementSpec rule : spec.enforcement()) {
      Set<String> own = new HashSet<>();
      for (String objective :
          TAKING.contains(rule.action()) ? rule.objectives() : List.<String>of()) {
        String signal =
            targets.stream()
                .filter(t -> t.objective().name().equals(objective))
                .map(Target::signal)
                .findFirst()
                .orElse(objective);
        if (taken.contains(signal)) {
          throw new BadGateException(
              "spec.enforcement takes agents away for %s by two rules: keep one of Evict and Quarantine"
                  .formatted(objective));
        }
        own.add(signal);
      }
      taken.addAll(own);
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

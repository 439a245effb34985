package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.BypassSpec;
import dev.strata.api.v1alpha1.EnforcementSpec;
import dev.strata.api.v1alpha1.QualityGateSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What no rule of the schema can say of a gate's enforcement and bypass, because it has no clock
 * and does not know the profiles.
 */
final class EnforcementRules {
  private static final Duration LONGEST_BYPASS = Duration.ofHours(24);
  private static final Duration LONGEST_ROLLBACK = Duration.ofHours(24);

  /** What more agents would heal. */
  private static final Set<String> HEALED_BY_MORE =
      Set.of(
          "response-time", "delivery-success", "delivery-local", "delivery-remote", "spawn", "cpu");

  private EnforcementRules() {}

  static void check(QualityGateSpec spec, List<Target> targets, long nowMillis)
      throws BadGateException {
    if (spec.bypass() != null) {
      checkBypass(spec.bypass(), nowMillis);
    }
    checkNotTwice(spec, targets);
    for (EnforcementSpec rule : spec.enforcement()) {
      for (String objective : rule.objectives()) {
        check(rule.action(), named(objective, targets));
      }
    }
  }

  private static void checkBypass(BypassSpec bypass, long nowMillis) throws BadGateException {
    Instant until;
    try {
      until = Instant.parse(bypass.until());
    } catch (DateTimeParseException e) {
      throw new BadGateException(
          "spec.bypass.until is %s, and there is no such moment: write one in UTC, such as 2026-01-31T12:00:00Z"
              .formatted(bypass.until()));
    }
    if (until.isAfter(Instant.ofEpochMilli(nowMillis).plus(LONGEST_BYPASS))) {
      throw new BadGateException(
          "spec.bypass.until is more than 24 hours ahead: write an earlier moment, and renew it when it is needed for longer");
    }
  }

  private static Target named(String objective, List<Target> targets) throws BadGateException {
    return targets.stream()
        .filter(t -> t.objective().name().equals(objective))
        .findFirst()
        .orElseThrow(
            () ->
                new BadGateException(
                    "spec.enforcement names the objective %s, which this gate does not judge: correct the name"
                        .formatted(objective)));
  }

  private static void check(String action, Target target) throws BadGateException {
    String objective = target.objective().name();
    if ("Rollback".equals(action)
        && target.objective().window().span().compareTo(LONGEST_ROLLBACK) >= 0) {
      throw new BadGateException(
          "spec.enforcement rolls back for %s, which looks back %s and judges earlier templates with the newest: write an objective with a window of less than a day"
              .formatted(objective, target.window()));
    }
    if ("HoldScaleUp".equals(action) && HEALED_BY_MORE.contains(target.signal())) {
      throw new BadGateException(
          "HoldScaleUp for %s, which is judged by %s, would keep away the agents that could heal it: use HoldScaleDown, or other objectives"
              .formatted(objective, target.signal()));
    }
    if (Enforcer.TAKING.contains(action) && !target.blames()) {
      throw new BadGateException(
          "spec.enforcement takes agents away for %s, which is not measured agent by agent, so that nobody knows who is to go: write an objective with a value of each agent, such as agent-memory, or one of what each agent does itself over at most 15 minutes, such as response-time with a windowSeconds of 300 and no lastEvents"
              .formatted(objective));
    }
  }

  /** Two rules for one signal would each believe in limits of their own. */
  private static void checkNotTwice(QualityGateSpec spec, List<Target> targets)
      throws BadGateException {
    Set<String> taken = new HashSet<>();
    for (EnforcementSpec rule : spec.enforcement()) {
      Set<String> own = new HashSet<>();
      for (String objective :
          Enforcer.TAKING.contains(rule.action()) ? rule.objectives() : List.<String>of()) {
        String signal = named(objective, targets).signal();
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
}

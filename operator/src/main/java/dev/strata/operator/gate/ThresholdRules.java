package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.ObjectiveSpec;
import dev.strata.api.v1alpha1.OverrideSpec;
import dev.strata.api.v1alpha1.QualityGateSpec;
import dev.strata.core.gate.Measure;
import dev.strata.core.gate.Measure.Kind;
import java.time.Duration;
import java.util.List;

/**
 * Whether an answer could come too late at all: where the pool cuts attempts off before the
 * threshold, only what is cut off or fails is bad. A profile is written for many pools, so its own
 * thresholds are let be: what they judge then is whether attempts succeed.
 */
final class ThresholdRules {
  private static final String SIGNAL = "response-time";

  private ThresholdRules() {}

  /**
   * Looks at the thresholds that this gate says itself.
   *
   * @param cutOff when the pool ends an attempt at the latest
   */
  static void check(QualityGateSpec spec, List<Target> targets, Duration cutOff)
      throws BadGateException {
    for (OverrideSpec override : spec.overrides()) {
      String threshold = override.threshold();
      boolean timed =
          targets.stream()
              .anyMatch(
                  t ->
                      t.objective().name().equals(override.objective())
                          && t.signal().equals(SIGNAL));
      if (timed && threshold != null) {
        check("the override of " + override.objective(), threshold, cutOff);
      }
    }
    for (ObjectiveSpec objective : spec.objectives()) {
      if (objective.signal().equals(SIGNAL) && objective.threshold() != null) {
        check("the objective " + objective.name(), objective.threshold(), cutOff);
      }
    }
  }

  private static void check(String who, String threshold, Duration cutOff) throws BadGateException {
    if (Measure.parse(threshold, Kind.DURATION) >= cutOff.toMillis()) {
      throw new BadGateException(
          "%s has the threshold %s, and the pool cuts attempts off after %ds, so nothing could be late but what is cut off: write a threshold below that, or raise spec.agent.timeoutSeconds of the pool"
              .formatted(who, threshold, cutOff.toSeconds()));
    }
  }
}

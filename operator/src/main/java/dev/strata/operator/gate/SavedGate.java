package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.ActionStatus;
import dev.strata.core.gate.Standing;
import dev.strata.core.signal.SavedRing;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the targets of a gate stood.
 *
 * @param standings by objective
 * @param alignment the ring of how many targets held
 * @param alignedAt when that was last looked at
 * @param actions what the gate did
 */
record SavedGate(
    Map<String, Kept> standings, SavedRing alignment, long alignedAt, List<ActionStatus> actions) {
  /**
   * One target.
   *
   * @param target what was judged, in words: another target is judged anew
   */
  record Kept(String target, Standing standing) {}

  /** The standing of a target that is still the same; null when it is not. */
  @Nullable Standing standing(Target target) {
    Kept kept = standings.get(target.objective().name());
    return kept != null && kept.target().equals(target.toString()) ? kept.standing() : null;
  }
}

package dev.strata.core.gate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a target stands: its verdict, and what of the past decides about the next one. A value, so
 * that it can be kept and taken up by another operator.
 *
 * @param verdict what is said
 * @param cause why it is Unknown; null else
 * @param sinceMillis when it was first said
 * @param violatedSinceMillis when Violated was first said since the target was last Met, whatever
 *     was said in between; null: it was not. What lasts for a limited time lasts from then on
 * @param steppedAtMillis when evidence was last weighed
 * @param mark the evidence's mark then
 * @param beyondRun for how many steps running the bound has been beyond the target
 * @param insideSinceMillis since when all estimates were inside; -1: the last one was not
 * @param insideSinceMark the evidence's mark at that moment
 * @param enough whether there were enough samples; fewer are then enough to stay
 * @param owedSinceMillis a violation that was not left by the rule, and when it was last seen with
 *     enough samples; -1: none
 * @param changes when the verdict changed to or from Violated within the last hour, oldest first
 * @param flapping whether it changes too often to be believed
 */
public record Standing(
    Verdict verdict,
    @Nullable Cause cause,
    long sinceMillis,
    @Nullable Long violatedSinceMillis,
    long steppedAtMillis,
    long mark,
    int beyondRun,
    long insideSinceMillis,
    long insideSinceMark,
    boolean enough,
    long owedSinceMillis,
    List<Long> changes,
    boolean flapping) {

  private static final long NEVER = Long.MIN_VALUE / 2;

  public Standing {
    changes = List.copyOf(changes);
  }

  /** Nothing is known yet, and this is why. */
  public static Standing begin(Cause cause, long nowMillis) {
    return new Standing(
        Verdict.Unknown, cause, nowMillis, null, NEVER, -1, 0, -1, 0, false, -1, List.of(), false);
  }

  /** Whether the target is Violated for good reason, and something may follow from it. */
  public boolean actionable() {
    return verdict == Verdict.Violated && !flapping;
  }
}

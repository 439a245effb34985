package dev.strata.core.gate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From evidence to verdict. Violated takes a bound beyond the target at two steps running, and is
 * left only after a full window of estimates inside; what is neither keeps the verdict it had. A
 * verdict that changes to or from Violated more than six times an hour is frozen there.
 */
public final class Judge {
  private static final int STEPS_TO_VIOLATE = 2;
  private static final int MOST_CHANGES = 6;
  private static final long NO_MARK = -1;

  /** The window of most targets: with a longer one, samples are waited for under their own name. */
  private static final Duration FILLS_WITHIN = Duration.ofMinutes(5);

  private static final long HOUR = Duration.ofHours(1).toMillis();

  private Judge() {}

  /**
   * Whether evidence would be weighed now: at a step, or at once where it needs no second look. Of
   * evidence that is not, only what it lacks is looked at, so that its bound need not be worked
   * out: {@link ShareEstimator#glance} is enough.
   */
  public static boolean due(Objective objective, Standing now, Evidence glance, long millis) {
    boolean step = millis - now.steppedAtMillis() >= objective.window().step().toMillis();
    return cause(objective, now, glance) == null
        && glance.mark() != now.mark()
        && (step || glance.certain());
  }

  /** The next standing. The same one when there is nothing to weigh. */
  public static Standing next(Objective objective, Standing now, Evidence evidence, long millis) {
    Cause cause = cause(objective, now, evidence);
    if (cause != null) {
      return unknown(objective, thaw(now, millis), cause, millis);
    }
    return due(objective, now, evidence, millis)
        ? weigh(objective, thaw(now, millis), evidence, millis)
        : now;
  }

  /** Why no verdict can be had; null when one can. */
  private static @Nullable Cause cause(Objective objective, Standing old, Evidence evidence) {
    if (evidence.lacking() != null) {
      return evidence.lacking();
    }
    long needed = old.enough() ? objective.samplesToStay() : objective.minSamples();
    return evidence.samples() < needed ? Cause.InsufficientSamples : null;
  }

  private static Standing weigh(Objective objective, Standing old, Evidence evidence, long now) {
    int beyondRun = evidence.beyond() ? old.beyondRun() + 1 : 0;
    long insideSince =
        !evidence.inside() ? -1 : old.insideSinceMillis() < 0 ? now : old.insideSinceMillis();
    boolean violated = beyondRun >= (evidence.certain() ? 1 : STEPS_TO_VIOLATE);
    boolean owed = owed(objective, old, now);
    long insideMark = old.insideSinceMillis() < 0 ? evidence.mark() : old.insideSinceMark();
    boolean left =
        evidence.inside()
            && full(objective.window(), now - insideSince, evidence.mark() - insideMark);
    Verdict verdict;
    if (violated || (owed && !left)) {
      verdict = Verdict.Violated;
    } else if (evidence.inside()) {
      verdict = Verdict.Met;
    } else {
      verdict = old.verdict();
    }
    Cause cause =
        verdict != Verdict.Unknown
            ? null
            : unjudged(objective, old, Cause.InsufficientSamples, now);
    return changed(
        new Standing(
            verdict,
            cause,
            old.sinceMillis(),
            old.violatedSinceMillis(),
            now,
            evidence.mark(),
            beyondRun,
            insideSince,
            insideMark,
            true,
            verdict == Verdict.Violated ? now : -1,
            old.changes(),
            old.flapping()),
        old,
        now);
  }

  /** A violation is remembered while a verdict is Unknown, for as long as its window. */
  private static boolean owed(Objective objective, Standing old, long now) {
    return old.verdict() == Verdict.Violated
        || (old.owedSinceMillis() >= 0
            && now - old.owedSinceMillis() < objective.window().span().toMillis());
  }

  /** Whether a window has passed: of time, or of as many events as it counts. */
  private static boolean full(Window window, long millis, long events) {
    return window.counted() ? events >= window.last() : millis >= window.span().toMillis();
  }

  private static Standing unknown(Objective objective, Standing old, Cause cause, long now) {
    boolean remember = owed(objective, old, now);
    return changed(
        new Standing(
            Verdict.Unknown,
            unjudged(objective, old, cause, now),
            old.sinceMillis(),
            old.violatedSinceMillis(),
            old.steppedAtMillis(),
            // What can be seen again is weighed again, though nothing new was measured.
            NO_MARK,
            0,
            -1,
            0,
            false,
            remember ? Math.max(old.owedSinceMillis(), 0) : -1,
            old.changes(),
            old.flapping()),
        old,
        now);
  }

  /**
   * A target that was changed is judged by counters that begin with the change. That they are empty
   * says nothing of the pool, so it is not said before they had the time to fill.
   */
  private static Cause unjudged(Objective objective, Standing old, Cause cause, long now) {
    boolean empty = cause == Cause.NoDemand || cause == Cause.InsufficientSamples;
    Duration span = objective.window().span();
    Duration most = span.compareTo(FILLS_WITHIN) < 0 ? span : FILLS_WITHIN;
    return empty && old.cause() == Cause.ProfileChanged && now - old.sinceMillis() < most.toMillis()
        ? Cause.ProfileChanged
        : cause;
  }

  /** Notes a change, and freezes what changes too often. */
  private static Standing changed(Standing next, Standing old, long now) {
    boolean same = next.verdict() == old.verdict() && next.cause() == old.cause();
    if (old.flapping()) {
      return with(next, Verdict.Violated, null, old.sinceMillis(), old.changes(), true);
    }
    if (next.verdict() == old.verdict()) {
      return with(
          next, next.verdict(), next.cause(), same ? old.sinceMillis() : now, old.changes(), false);
    }
    List<Long> changes = recent(old.changes(), now);
    // Met and Unknown in turns is thin traffic: to freeze it at Violated would make a violation up.
    if (next.verdict() == Verdict.Violated || old.verdict() == Verdict.Violated) {
      changes.add(now);
    }
    return changes.size() > MOST_CHANGES
        ? with(next, Verdict.Violated, null, now, changes, true)
        : with(next, next.verdict(), next.cause(), now, changes, false);
  }

  /** An hour after the last change, a frozen verdict is judged anew. */
  private static Standing thaw(Standing now, long millis) {
    return now.flapping() && recent(now.changes(), millis).isEmpty()
        ? with(now, now.verdict(), now.cause(), now.sinceMillis(), List.of(), false)
        : now;
  }

  private static List<Long> recent(List<Long> changes, long now) {
    List<Long> recent = new ArrayList<>(changes);
    recent.removeIf(at -> now - at >= HOUR);
    return recent;
  }

  private static Standing with(
      Standing s,
      Verdict verdict,
      @Nullable Cause cause,
      long since,
      List<Long> changes,
      boolean flapping) {
    return new Standing(
        verdict,
        cause,
        since,
        violatedSince(s, verdict, since),
        s.steppedAtMillis(),
        s.mark(),
        s.beyondRun(),
        s.insideSinceMillis(),
        s.insideSinceMark(),
        s.enough(),
        s.owedSinceMillis(),
        changes,
        flapping);
  }

  /** A violation begins when it is first said, and only Met ends it. */
  private static @Nullable Long violatedSince(Standing s, Verdict verdict, long since) {
    return switch (verdict) {
      case Met -> null;
      case Unknown -> s.violatedSinceMillis();
      case Violated -> s.violatedSinceMillis() == null ? (Long) since : s.violatedSinceMillis();
    };
  }
}

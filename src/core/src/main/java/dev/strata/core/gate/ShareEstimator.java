package dev.strata.core.gate;

import dev.strata.core.signal.CountRing;
import dev.strata.core.signal.Counts;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Estimator B: good and total events, judged by their Clopper-Pearson bound. What comes in bursts
 * tells less than its number: the number is divided by the design effect of the hour before.
 */
public final class ShareEstimator {
  /** Confidence of a bound that can violate a target. */
  public static final double CONFIDENCE = 0.99;

  /** Confidence of a bound that makes a group one of many. */
  private static final double SUSPICION = 0.95;

  private static final Duration BATCH = Duration.ofSeconds(50);
  private static final Duration HISTORY = Duration.ofHours(1);

  /** Fewer batches tell nothing of a variance. */
  private static final int LEAST_BATCHES = 20;

  /**
   * Fewer events, all of them bad, would not show with 95 % confidence that even half of what a
   * group does is bad; no share that can be a target is lower.
   */
  private static final long LEAST_OF_GROUP = 5;

  private ShareEstimator() {}

  /**
   * One of those whose events make up a ring, such as an agent.
   *
   * @param beyond whether its own bound lies beyond the target
   */
  public record Group(String name, Counts counts, boolean beyond) {}

  /**
   * The evidence of a window of time.
   *
   * @param atLeast the share that must be good
   */
  public static Evidence estimate(CountRing ring, double atLeast, Window window, long nowMillis) {
    Counts counts = ring.within(nowMillis, window.span());
    // A share on the good side cannot be beyond it, whatever the design effect.
    boolean needless = counts.good() >= counts.total() * atLeast;
    double effect = needless ? 1 : designEffect(ring, window, nowMillis);
    return evidence(counts, atLeast, effect, ring.events());
  }

  /**
   * The evidence of the latest events. They are rare, so that of the hour before them there is
   * mostly nothing: there is no design effect.
   *
   * @param mark grows with each event
   */
  public static Evidence estimate(Counts latest, double atLeast, long mark) {
    return evidence(latest, atLeast, 1, mark);
  }

  /**
   * The evidence without its bound, which costs a tenth: enough where {@link Judge#due} says that
   * no step is due.
   */
  public static Evidence glance(CountRing ring, double atLeast, Window window, long nowMillis) {
    Counts counts = ring.within(nowMillis, window.span());
    return counts.total() == 0
        ? Evidence.lacking(Cause.NoDemand)
        : new Evidence(
            counts.share(),
            Double.NaN,
            counts.share() >= atLeast,
            false,
            false,
            counts.total(),
            ring.events(),
            Double.NaN,
            null);
  }

  /**
   * The groups with enough events, the worst first. The bound of each is corrected for how many
   * there are, so that among groups which all keep the target hardly one time in a hundred any is
   * beyond it. The design effect of the whole is left out: it is that of batches of all groups'
   * events, and what all of them share tells none from the others. Source of the correction: O. J.
   * Dunn, Journal of the American Statistical Association 56 (1961), after Bonferroni.
   *
   * @param groups events in the window of each group that had any
   * @param atLeast the share that must be good
   */
  public static List<Group> worst(Map<String, Counts> groups, double atLeast) {
    double confidence = 1 - (1 - CONFIDENCE) / groups.size();
    return groups.entrySet().stream()
        .filter(e -> e.getValue().total() >= LEAST_OF_GROUP)
        .map(e -> group(e.getKey(), e.getValue(), atLeast, confidence))
        .sorted(
            Comparator.comparingDouble((Group g) -> g.counts().share()).thenComparing(Group::name))
        .toList();
  }

  /**
   * The groups that miss the target, as far as can be told. Counted to see whether many do, so none
   * is to be overlooked, and the bound of each is at 95 % and not corrected. A share on the bad
   * side alone says nothing: of agents that just keep the target half have one by chance. And where
   * those whose own bound is inside miss the target together, all do: each of them has too few
   * events to show it, and the fault is one that they share.
   *
   * @param groups events in the window of each group that had any
   * @param atLeast the share that must be good
   */
  public static Set<String> affected(Map<String, Counts> groups, double atLeast) {
    Set<String> affected = new HashSet<>();
    long good = 0;
    long total = 0;
    for (Map.Entry<String, Counts> group : groups.entrySet()) {
      Counts counts = group.getValue();
      if (counts.total() >= LEAST_OF_GROUP && below(counts.good(), counts.total(), atLeast)) {
        affected.add(group.getKey());
      } else {
        good += counts.good();
        total += counts.total();
      }
    }
    return below(good, total, atLeast) ? Set.copyOf(groups.keySet()) : affected;
  }

  private static boolean below(long good, long total, double atLeast) {
    return Bounds.below((double) good, (double) total, atLeast, SUSPICION);
  }

  private static Group group(String name, Counts counts, double atLeast, double confidence) {
    return new Group(
        name,
        counts,
        Bounds.below((double) counts.good(), (double) counts.total(), atLeast, confidence));
  }

  private static Evidence evidence(Counts counts, double atLeast, double effect, long mark) {
    if (counts.total() == 0) {
      return Evidence.lacking(Cause.NoDemand);
    }
    double good = counts.good() / effect;
    double total = counts.total() / effect;
    boolean inside = counts.share() >= atLeast;
    return new Evidence(
        counts.share(),
        inside ? Bounds.lower(good, total, CONFIDENCE) : Bounds.upper(good, total, CONFIDENCE),
        inside,
        Bounds.below(good, total, atLeast, CONFIDENCE),
        false,
        counts.total(),
        mark,
        Double.NaN,
        null);
  }

  /**
   * Variance of the shares of 50 s batches in the hour before the window, over the variance that
   * independent events would have: at least 1. Source: L. Kish, Survey Sampling (1965), for batch
   * means.
   */
  static double designEffect(CountRing ring, Window window, long nowMillis) {
    long perBatch = ring.slotsOf(BATCH);
    long end = ring.slotAt(nowMillis) - ring.slotsOf(window.span());
    long batches = ring.slotsOf(HISTORY) / perBatch;
    Counts all = ring.between(end - batches * perBatch + 1, end);
    double share = all.share();
    double independent = share * (1 - share);
    if (all.total() == 0 || independent == 0) {
      return 1;
    }
    int used = 0;
    double squares = 0;
    for (long batch = 0; batch < batches; batch++) {
      Counts counts = ring.between(end - (batch + 1) * perBatch + 1, end - batch * perBatch);
      if (counts.total() > 0) {
        used++;
        // Each batch weighs by its size: of independent events this is 1 in the mean.
        double difference = counts.good() - counts.total() * share;
        squares += difference * difference / (counts.total() * independent);
      }
    }
    return used < LEAST_BATCHES ? 1 : Math.max(1, squares / (used - 1));
  }
}

package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.ActionStatus;
import dev.strata.core.gate.Holds.Held;
import dev.strata.core.gate.Measure;
import dev.strata.core.gate.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a gate did: the last ten deeds, each with the evidence that it stood on. */
final class Deeds {
  private static final int MOST = 10;
  private static final String HOLDING = "Holding";

  private final Deque<ActionStatus> rows;
  private final Set<Key> holding = new HashSet<>();

  private record Key(String action, String objective) {}

  /**
   * @param before what an earlier watch of the same gate did, the newest last
   */
  Deeds(List<ActionStatus> before) {
    this.rows = new ArrayDeque<>(before);
    for (ActionStatus row : before) {
      Key key = new Key(String.valueOf(row.action()), String.valueOf(row.objective()));
      if (HOLDING.equals(row.outcome())) {
        holding.add(key);
      } else {
        holding.remove(key);
      }
    }
  }

  /**
   * What a gate did before this operator began, the newest last. A checkpoint may be older than
   * what the gate shows, and what it shows may be missing what could not be written.
   *
   * @param kept in the checkpoint
   * @param shown in the gate's status
   */
  static List<ActionStatus> merged(List<ActionStatus> kept, List<ActionStatus> shown) {
    List<ActionStatus> all =
        Stream.concat(kept.stream(), shown.stream())
            .distinct()
            .sorted(Comparator.comparing(row -> String.valueOf(row.time())))
            .toList();
    return all.subList(Math.max(0, all.size() - MOST), all.size());
  }

  /**
   * Notes which holds have begun and which have ended.
   *
   * @return whether there was one
   */
  boolean hold(List<Held> holds, List<Target> targets, long now) {
    Set<Key> held =
        holds.stream()
            .map(h -> new Key(h.kind().name(), h.row().objective().name()))
            .collect(Collectors.toSet());
    boolean changed = !held.equals(holding);
    for (Key key : List.copyOf(holding)) {
      if (!held.contains(key)) {
        holding.remove(key);
        note(key, "the objective is not violated any more, or the time is over", "Released", now);
      }
    }
    for (Held hold : holds) {
      Key key = new Key(hold.kind().name(), hold.row().objective().name());
      if (holding.add(key)) {
        note(key, evidence(hold, targets), HOLDING, now);
      }
    }
    return changed;
  }

  /** What a hold stands on, for people. */
  static String evidence(Held hold, List<Target> targets) {
    Target target =
        targets.stream()
            .filter(t -> t.objective().equals(hold.row().objective()))
            .findFirst()
            .orElseThrow();
    return hold.row().standing().verdict() == Verdict.Unknown
        ? "violated when it was last seen"
        : "%s, bound %s, target %s, %d samples in %s"
            .formatted(
                Measure.show(hold.row().evidence().estimate(), target.kind()),
                Measure.show(hold.row().evidence().bound(), target.kind()),
                target.target(),
                hold.row().evidence().samples(),
                target.window());
  }

  private void note(Key key, String evidence, String outcome, long now) {
    note(key.action(), key.objective(), evidence, outcome, now);
  }

  /** Notes something that was done. */
  void note(String action, String objective, String evidence, String outcome, long now) {
    rows.addLast(
        new ActionStatus(
            Instant.ofEpochMilli(now).truncatedTo(ChronoUnit.SECONDS).toString(),
            action,
            objective,
            evidence,
            outcome));
    if (rows.size() > MOST) {
      rows.removeFirst();
    }
  }

  /** The newest last. */
  List<ActionStatus> rows() {
    return List.copyOf(rows);
  }
}

package dev.strata.operator.gate;

import dev.strata.core.gate.GateConditions;
import dev.strata.core.gate.Verdict;
import dev.strata.core.pool.Action;
import dev.strata.core.pool.PoolHold;
import dev.strata.core.pool.Reason;
import dev.strata.core.pool.TemplateHistory;
import dev.strata.core.pool.Violator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What gates would have done to a pool, and what became of it. */
public final class Enforcement {
  private final GateBoard board;

  Enforcement(GateBoard board) {
    this.board = board;
  }

  /** What gates hold of a pool; all, as long as one of them was not looked at. */
  public List<PoolHold> holds(String poolUid) {
    Stream<PoolHold> known =
        board.watchesOf(poolUid).stream()
            .flatMap(w -> w.holds().stream().map(h -> Enforcer.hold(w.gate(), h)));
    Stream<PoolHold> unknown =
        board.unseen(poolUid).stream()
            .map(why -> new PoolHold(PoolHold.Kind.ALL, why, Instant.ofEpochMilli(board.now()), 0));
    return Stream.concat(known, unknown).toList();
  }

  /**
   * Agents that gates of a pool would have taken away; those of gates that are rivals contested.
   */
  public List<Violator> violators(String poolUid) {
    List<Watch> own = evicting(poolUid);
    Optional<Pools.Pool> pool = own.isEmpty() ? Optional.empty() : board.pools().find(poolUid);
    if (pool.isEmpty() || board.unseen(poolUid).isPresent()) {
      return List.of();
    }
    List<Violator> violators = new ArrayList<>();
    for (Watch watch : own) {
      boolean alone = Rivals.mayEvict(watch, own);
      watch.violators(board.measured(poolUid), pool.get(), board.now()).stream()
          .map(v -> alone ? v : v.contest())
          .forEach(violators::add);
    }
    return violators;
  }

  /**
   * UIDs of the pods that seem to miss what gates of a pool would evict for, also where two of them
   * are in conflict.
   */
  public Set<String> affected(String poolUid) {
    return board.pools().find(poolUid).stream()
        .flatMap(
            pool ->
                evicting(poolUid).stream()
                    .flatMap(w -> w.affected(board.measured(poolUid), pool, board.now()).stream()))
        .collect(Collectors.toSet());
  }

  /** Whether a gate of a pool takes agents away, now or at other times. */
  public boolean takesAway(String poolUid) {
    return board.watchesOf(poolUid).stream().anyMatch(Watch::takesAway);
  }

  /** The gates of a pool that would evict now if somebody were to go. */
  private List<Watch> evicting(String poolUid) {
    return board.watchesOf(poolUid).stream().filter(w -> !w.evictsFor().isEmpty()).toList();
  }

  /** A pool and its gates are of one namespace, so a name is enough. */
  private Optional<Watch> watch(String poolUid, String gate) {
    return board.watchesOf(poolUid).stream()
        .filter(w -> w.gate().getMetadata().getName().equals(gate))
        .findFirst();
  }

  /**
   * What the plan for a pool leaves alone that its gates would have evicted.
   *
   * @param forgone with the gates that asked for it
   */
  public void ruled(String poolUid, List<Action.Forgo> forgone) {
    List<Watch> all = board.watchesOf(poolUid);
    for (Watch watch : evicting(poolUid)) {
      List<Action.Forgo> own =
          forgone.stream()
              .filter(f -> f.gate().equals(watch.gate().getMetadata().getName()))
              .filter(f -> f.why() != Reason.DisruptionUnderWay)
              .toList();
      Optional<GateConditions.Said> said =
          first(own.stream().filter(f -> f.why() == Reason.TooManyViolators))
              .or(() -> Rivals.conflict(watch, all))
              .or(() -> first(own.stream()));
      hinder(watch, said.orElse(null));
    }
  }

  private static Optional<GateConditions.Said> first(Stream<Action.Forgo> forgone) {
    return forgone.findFirst().map(f -> obstacle(f.why().name(), f.note()));
  }

  /** No gate of a pool can evict now. */
  public void hindered(String poolUid, String reason, String message) {
    evicting(poolUid).forEach(w -> hinder(w, obstacle(reason, message)));
  }

  /** The eviction that a gate asked for was refused. */
  public void refused(String poolUid, String gate, String reason, String message) {
    watch(poolUid, gate).ifPresent(w -> hinder(w, obstacle(reason, message)));
  }

  /**
   * A gate would have a pool's template taken back.
   *
   * @param evidence what was measured, for people
   * @param since since when the target is missed
   */
  public record Wish(String gate, String objective, String evidence, Instant since) {}

  /** Gates that would have a pool's template taken back now. */
  public List<Wish> rollbacks(String poolUid) {
    List<Watch> all = board.watchesOf(poolUid);
    return board.unseen(poolUid).isPresent()
        ? List.of()
        : all.stream()
            .filter(w -> Rivals.mayTakeBack(w, all))
            .flatMap(w -> w.rollbacks().stream())
            .toList();
  }

  /**
   * How long a pool's gates look back that would take a template back; empty: none would, whatever
   * happens.
   */
  public Optional<Duration> rollsBackBy(String poolUid) {
    return board.watchesOf(poolUid).stream()
        .map(Watch::rollsBackBy)
        .flatMap(Optional::stream)
        .max(Duration::compareTo);
  }

  /** Says at the gates of a pool why its template is not taken back; null: nothing is to say. */
  public void ruledRollback(String poolUid, TemplateHistory.@Nullable Refused why) {
    Optional<GateConditions.Said> refused =
        Optional.ofNullable(why).map(w -> obstacle(w.reason(), w.message()));
    List<Watch> all = board.watchesOf(poolUid);
    all.stream()
        .filter(w -> w.rollsBackBy().isPresent() && w.evictsFor().isEmpty())
        .forEach(w -> hinder(w, Rivals.conflict(w, all).or(() -> refused).orElse(null)));
  }

  /**
   * What was done to an agent.
   *
   * @param action as it is written in a gate
   * @param objective the target that it misses
   * @param evidence its pod and what it measures, for people
   * @param outcome in one word
   */
  public record Deed(String action, String objective, String evidence, String outcome) {}

  /** An agent was taken away for a gate. */
  public void tookAway(String poolUid, String gate, Deed deed) {
    watch(poolUid, gate)
        .ifPresent(
            w -> {
              w.did(deed, board.now());
              board.changed(w);
            });
  }

  private void hinder(Watch watch, GateConditions.@Nullable Said said) {
    if (watch.obstacle(said)) {
      board.changed(watch);
    }
  }

  private static GateConditions.Said obstacle(String reason, String message) {
    return new GateConditions.Said("EnforcementAllowed", Verdict.Violated, reason, message);
  }
}

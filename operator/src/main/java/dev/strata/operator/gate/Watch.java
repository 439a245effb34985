package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.ActionStatus;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.core.gate.BurnRate;
import dev.strata.core.gate.Cause;
import dev.strata.core.gate.Evidence;
import dev.strata.core.gate.GateConditions;
import dev.strata.core.gate.HoldRule;
import dev.strata.core.gate.Holds;
import dev.strata.core.gate.Holds.Held;
import dev.strata.core.gate.Judge;
import dev.strata.core.gate.Measure;
import dev.strata.core.gate.RatioEstimator;
import dev.strata.core.gate.Row;
import dev.strata.core.gate.Rule;
import dev.strata.core.gate.Standing;
import dev.strata.core.gate.Verdict;
import dev.strata.core.pool.Violator;
import dev.strata.core.signal.SumRing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One gate that is being evaluated: its targets and where each of them stands. */
final class Watch {
  private static final Duration ALIGNMENT_SLOT = Duration.ofMinutes(5);
  private static final int ALIGNMENT_SLOTS = 289;

  private final QualityGate gate;
  private final String poolUid;
  private final List<Target> targets;
  private final Map<String, Standing> standings = new HashMap<>();
  private final SumRing alignment;
  private long alignedAt;
  private final List<HoldRule> rules;
  private final Deeds deeds;
  private List<Held> holds = List.of();
  private List<Held> rollbacks = List.of();
  private List<Row> rows = List.of();
  private boolean fresh = true;
  private GateConditions.Said allowed;
  private final List<Enforcer.EvictRule> evictRules;
  private GateConditions.@Nullable Said obstacle;
  private boolean paused;

  /**
   * @param before the same gate's watch before its spec changed; targets that are unchanged keep
   *     their standing, changed ones are unknown until they are judged; null for a new gate
   * @param saved what an operator before this one had judged; null when there is none
   */
  Watch(
      QualityGate gate,
      String poolUid,
      List<Target> targets,
      @Nullable Watch before,
      @Nullable SavedGate saved,
      long nowMillis) {
    this.gate = gate;
    this.poolUid = poolUid;
    this.targets = List.copyOf(targets);
    boolean fresh = before == null && saved == null;
    for (Target target : targets) {
      Standing old =
          before != null ? before.standing(target) : saved == null ? null : saved.standing(target);
      standings.put(
          target.objective().name(),
          old != null
              ? old
              : Standing.begin(fresh ? Cause.Warming : Cause.ProfileChanged, nowMillis));
    }
    this.alignment =
        before != null
            ? before.alignment
            : saved != null
                ? SumRing.restore(saved.alignment())
                : new SumRing(ALIGNMENT_SLOT, ALIGNMENT_SLOTS);
    this.alignedAt = before != null ? before.alignedAt : saved != null ? saved.alignedAt() : 0;
    this.allowed = Enforcer.allowed(gate.getSpec(), nowMillis);
    this.rules = Enforcer.rules(gate.getSpec());
    this.evictRules = Enforcer.evictions(gate.getSpec());
    // Of a gate that neither evicts nor rolls back any more nobody would ever take it back.
    boolean destructive = !evictRules.isEmpty() || rollsBackBy().isPresent();
    this.obstacle = before == null || !destructive ? null : before.obstacle();
    this.deeds =
        new Deeds(
            before != null
                ? before.deeds()
                : Deeds.merged(saved == null ? List.of() : saved.actions(), told(gate)));
    rows =
        targets.stream()
            .map(
                t ->
                    new Row(
                        t.objective(),
                        Objects.requireNonNull(standings.get(t.objective().name())),
                        Evidence.lacking(Cause.Warming),
                        before == null ? unseen(t) : before.burn(t)))
            .toList();
  }

  /** What the status says that it did, before it was suspended or before this operator. */
  private static List<ActionStatus> told(QualityGate gate) {
    return gate.getStatus() == null ? List.of() : gate.getStatus().actions();
  }

  private static @Nullable BurnRate unseen(Target target) {
    return target.burn() == null ? null : BurnRate.unseen(target.burn());
  }

  private synchronized @Nullable BurnRate burn(Target target) {
    int i = targets.indexOf(target);
    return i < 0 ? unseen(target) : rows.get(i).burn();
  }

  private synchronized @Nullable Standing standing(Target target) {
    return targets.contains(target) ? standings.get(target.objective().name()) : null;
  }

  /** As it can be kept for another operator. */
  synchronized SavedGate save() {
    Map<String, SavedGate.Kept> kept = new HashMap<>();
    for (Target target : targets) {
      String name = target.objective().name();
      kept.put(
          name, new SavedGate.Kept(target.toString(), Objects.requireNonNull(standings.get(name))));
    }
    return new SavedGate(kept, alignment.save(), alignedAt, deeds.rows());
  }

  QualityGate gate() {
    return gate;
  }

  String poolUid() {
    return poolUid;
  }

  List<Target> targets() {
    return targets;
  }

  /**
   * Judges all targets.
   *
   * @return whether a verdict, a cause, what burns or the freshness of signals has changed
   */
  synchronized boolean evaluate(Measured measured, long now) {
    List<Row> next = new ArrayList<>();
    for (Target target : targets) {
      Evidence evidence =
          target.source() instanceof Source.Rows
              ? aligned(target, now)
              : measured.evidence(target, now);
      Standing standing =
          Judge.next(
              target.objective(),
              Objects.requireNonNull(standings.get(target.objective().name())),
              evidence,
              now);
      standings.put(target.objective().name(), standing);
      BurnRate burn = rows.get(next.size()).burn();
      next.add(
          new Row(
              target.objective(),
              standing,
              evidence,
              burn == null ? null : measured.burning(target, evidence, burn, now)));
    }
    boolean nowFresh = measured.fresh(now);
    boolean changed = nowFresh != fresh || !verdicts(rows).equals(verdicts(next));
    fresh = nowFresh;
    rows = List.copyOf(next);
    allowed = Enforcer.allowed(gate.getSpec(), now);
    List<Held> all = allowed.status() == Verdict.Met ? Holds.of(rows, rules, now) : List.of();
    holds = all.stream().filter(h -> h.kind() != HoldRule.Kind.Rollback).toList();
    rollbacks =
        all.stream()
            .filter(h -> h.kind() == HoldRule.Kind.Rollback && h.row().standing().actionable())
            .toList();
    boolean acted = deeds.hold(holds, targets, now);
    return changed || acted;
  }

  /**
   * Every five minutes the weights of the targets that hold, over those for which there was
   * something to judge. When of these too many could not be seen, nothing is said of the five
   * minutes.
   */
  private Evidence aligned(Target target, long now) {
    if (alignedAt == 0) {
      alignedAt = now;
    }
    if (now - alignedAt >= ALIGNMENT_SLOT.toMillis()) {
      alignedAt = now;
      long met = 0;
      long seen = 0;
      long blind = 0;
      for (Row row : rows) {
        Cause cause = row.standing().cause();
        if (!row.objective().equals(target.objective()) && (cause == null || !cause.neutral())) {
          int weight = row.objective().weight();
          seen += cause == null ? weight : 0;
          blind += cause == null ? 0 : weight;
          met += row.standing().verdict() == Verdict.Met ? weight : 0;
        }
      }
      if (seen >= Evidence.LEAST_COVERAGE * (seen + blind)) {
        alignment.add(now, met, seen);
      }
    }
    var rule = (Rule.Ratio) target.objective().rule();
    return RatioEstimator.estimate(
        alignment, rule.side(), rule.bound(), target.objective().window(), now);
  }

  private static List<String> verdicts(List<Row> rows) {
    return rows.stream()
        .map(
            r ->
                r.standing().verdict()
                    + "/"
                    + r.standing().cause()
                    + "/"
                    + r.standing().flapping()
                    + (r.burn() == null ? "" : "/" + r.burn().verdict()))
        .toList();
  }

  synchronized List<Row> rows() {
    return rows;
  }

  /** What is said of the gate. */
  synchronized List<GateConditions.Said> conditions() {
    List<GateConditions.Said> said =
        new ArrayList<>(
            GateConditions.of(
                rows,
                "Hold".equals(gate.getSpec().onMissing()),
                fresh,
                row -> targets.get(rows.indexOf(row)).figures(row.evidence())));
    said.add(allowed.status() == Verdict.Met && obstacle != null ? obstacle : allowed);
    Enforcer.enforcing(holds).ifPresent(said::add);
    return said;
  }

  /** What the gate holds now. */
  synchronized List<Held> holds() {
    return holds;
  }

  /** Its spec was changed to one that cannot be judged: it holds on, and does nothing worse. */
  synchronized void pause() {
    paused = true;
  }

  /** Its spec can be judged after all, as when what it names is there again. */
  synchronized void resume() {
    paused = false;
  }

  /** For what this gate would have the template taken back now. */
  synchronized List<Enforcement.Wish> rollbacks() {
    return (paused ? List.<Held>of() : rollbacks)
        .stream()
            .map(
                h ->
                    new Enforcement.Wish(
                        gate.getMetadata().getName(),
                        h.row().objective().name(),
                        Deeds.evidence(h, targets),
                        Instant.ofEpochMilli(h.sinceMillis())))
            .toList();
  }

  /** The longest window that this gate may take a template back by; empty: it does not. */
  Optional<Duration> rollsBackBy() {
    return rules.stream()
        .filter(r -> r.kind() == HoldRule.Kind.Rollback)
        .flatMap(r -> r.objectives().stream())
        .flatMap(name -> targets.stream().filter(t -> t.objective().name().equals(name)))
        .map(t -> t.objective().window().span())
        .max(Duration::compareTo);
  }

  /** Whether this gate evicts, now or at other times. */
  boolean takesAway() {
    return !evictRules.isEmpty();
  }

  /** The objectives that this gate would evict for now; none when nothing may follow from it. */
  synchronized Set<String> evictsFor() {
    return paused || allowed.status() != Verdict.Met
        ? Set.of()
        : evictRules.stream().flatMap(r -> r.objectives().stream()).collect(Collectors.toSet());
  }

  /** The signals by which this gate would evict now. */
  Set<String> evictsBy() {
    return signals(evictsFor());
  }

  /** The signals by which this gate would take a template back now. */
  synchronized Set<String> takesBackBy() {
    return paused || allowed.status() != Verdict.Met
        ? Set.of()
        : signals(
            rules.stream()
                .filter(r -> r.kind() == HoldRule.Kind.Rollback)
                .flatMap(r -> r.objectives().stream())
                .collect(Collectors.toSet()));
  }

  private Set<String> signals(Set<String> objectives) {
    return targets.stream()
        .filter(t -> objectives.contains(t.objective().name()))
        .map(Target::signal)
        .collect(Collectors.toSet());
  }

  /** Agents that miss targets by themselves for which this gate evicts, the worst first. */
  synchronized List<Violator> violators(Measured measured, Pools.Pool pool, long now) {
    if (paused || allowed.status() != Verdict.Met) {
      return List.of();
    }
    List<Violator> violators = new ArrayList<>();
    for (Enforcer.EvictRule rule : evictRules) {
      for (int i = 0; i < rows.size(); i++) {
        Standing standing = rows.get(i).standing();
        if (rule.objectives().contains(rows.get(i).objective().name())
            && standing.actionable()
            && now - Objects.requireNonNull(standing.violatedSinceMillis())
                < rule.most().toMillis()) {
          violators.addAll(violators(rule, targets.get(i), measured, pool, now));
        }
      }
    }
    return violators;
  }

  /** UIDs of the pods that seem to miss what this gate evicts for, whatever the verdict. */
  Set<String> affected(Measured measured, Pools.Pool pool, long now) {
    Set<String> objectives = evictsFor();
    Set<String> pods =
        targets.stream()
            .filter(t -> objectives.contains(t.objective().name()))
            .flatMap(t -> measured.affected(t, now).stream())
            .collect(Collectors.toSet());
    return pool.agents().stream()
        .filter(a -> pods.contains(a.pod()))
        .map(Pools.Agent::podUid)
        .collect(Collectors.toSet());
  }

  private List<Violator> violators(
      Enforcer.EvictRule rule, Target target, Measured measured, Pools.Pool pool, long now) {
    return measured.violators(target, now).stream()
        .flatMap(
            owner ->
                pool.agents().stream()
                    .filter(a -> a.ready() && a.pod().equals(owner.name()))
                    .map(
                        agent ->
                            new Violator(
                                agent.podUid(),
                                gate.getMetadata().getName(),
                                target.objective().name(),
                                "%s, target %s in %s"
                                    .formatted(
                                        Measure.show(owner.value(), target.kind()),
                                        target.target(),
                                        target.window()),
                                rule.limits(),
                                rule.quarantine())))
        .toList();
  }

  /**
   * Notes what keeps the gate from evicting; null: nothing does.
   *
   * @return whether that is news
   */
  synchronized boolean obstacle(GateConditions.@Nullable Said said) {
    boolean changed = !Objects.equals(obstacle, said);
    obstacle = said;
    return changed;
  }

  private synchronized GateConditions.@Nullable Said obstacle() {
    return obstacle;
  }

  /** Notes what was done to an agent. */
  synchronized void did(Enforcement.Deed deed, long now) {
    deeds.note(deed.action(), deed.objective(), deed.evidence(), deed.outcome(), now);
  }

  /** What the gate did, the newest last. */
  synchronized List<ActionStatus> deeds() {
    return deeds.rows();
  }
}

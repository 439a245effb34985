package dev.strata.operator.gate;

import dev.strata.core.gate.Burn;
import dev.strata.core.gate.BurnRate;
import dev.strata.core.gate.Cause;
import dev.strata.core.gate.Evidence;
import dev.strata.core.gate.Figures;
import dev.strata.core.gate.Measure;
import dev.strata.core.gate.Objective;
import dev.strata.core.gate.Owner;
import dev.strata.core.gate.RatioEstimator;
import dev.strata.core.gate.Rule;
import dev.strata.core.gate.ShareEstimator;
import dev.strata.core.gate.ValueEstimator;
import dev.strata.core.gate.Window;
import dev.strata.core.signal.AgentReport;
import dev.strata.core.signal.CountRing;
import dev.strata.core.signal.Counts;
import dev.strata.core.signal.DurationRing;
import dev.strata.core.signal.Folding;
import dev.strata.core.signal.PoolSignals;
import dev.strata.core.signal.RecentEvents;
import dev.strata.core.signal.SavedSignals;
import dev.strata.core.signal.Series;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The signals of one pool, behind one lock, and the evidence that they are. */
final class Measured {
  /** From here on reports count as missing; verdicts stay for as long as their windows do. */
  private static final long FRESH_MILLIS = 5_000;

  /** A pool whose agents are all silent for so long is not measured any more. */
  private static final long STALE_MILLIS = 60_000;

  /** What is missing for longer than reports reach back is lost. */
  private static final long RETOLD_MILLIS = Series.MOST_SECONDS * 1000L;

  /**
   * An agent hears of its identity later than the operator knows it, and has nothing to tell of the
   * time between.
   */
  private static final long BEGINS_WITHIN_MILLIS = 3_000;

  /** Of less than this it is not told how much of it was heard. */
  private static final Duration LEAST_REACH = Duration.ofMinutes(1);

  /** For so long it is known who was heard. */
  private static final Duration DAY = Duration.ofDays(1);

  /** Longer than any window. */
  private static final long KILLS_KEPT_MILLIS = Duration.ofDays(8).toMillis();

  private static final String MEMORY = "agent-memory";
  private static final String OVERHEAD = "overhead";

  /** The messaging engine's own bytes over those of the payload. */
  private static final String ENGINE = "overhead-engine";

  private final PoolSignals signals;
  private final Map<String, Long> heardAt = new HashMap<>();

  /** By UID of the pod, because names come again. */
  private final Map<String, Kill> kills = new HashMap<>();

  private final Map<String, Map<String, String>> faults = new HashMap<>();

  /** Agents that should be heard, and since when. */
  private final Map<String, Long> readyAt = new HashMap<>();

  /** What the operator has to say beside what it measured itself, by signal. */
  private final Map<String, String> notes = new HashMap<>();

  private String validator = "";
  private long beganAt = Long.MIN_VALUE;
  private boolean silent;

  /** Signals that the operator cannot look at, and since when. */
  private final Map<String, Long> unread = new HashMap<>();

  private boolean news;

  /** A pod that was killed for want of memory. */
  record Kill(String pod, long atMillis) {}

  /** What is kept for another operator. */
  record Saved(SavedSignals signals, Map<String, Kill> kills, Map<String, Long> readyAt) {
    Saved {
      kills = Map.copyOf(kills);
      // Not in what an operator of an earlier version has kept.
      readyAt = readyAt == null ? Map.of() : Map.copyOf(readyAt);
    }
  }

  Measured() {
    this.signals = new PoolSignals();
  }

  /** Goes on where another one was. */
  Measured(Saved saved) {
    this.signals = PoolSignals.restore(saved.signals());
    kills.putAll(saved.kills());
    readyAt.putAll(saved.readyAt());
  }

  /** As it can be kept for another operator. */
  synchronized Saved save() {
    return new Saved(signals.save(), kills, readyAt);
  }

  /**
   * Takes in a report.
   *
   * @param receivedMillis when it came in; what is known already says nothing of now
   */
  synchronized Folding fold(AgentReport report, Map<String, String> faulty, long receivedMillis) {
    Folding folding = signals.fold(report, receivedMillis);
    if (folding.folded()) {
      heardAt.put(report.agent(), receivedMillis);
      faults.put(report.agent(), faulty);
      news = true;
    }
    return folding;
  }

  /** Looks at what the pool says of itself. */
  synchronized void look(Pools.Pool pool) {
    validator = pool.validator();
  }

  /** Each second: who should be heard, and what has run out of time. */
  synchronized void tick(Pools.Pool pool, long nowMillis) {
    Set<String> ready =
        pool.agents().stream()
            .filter(Pools.Agent::ready)
            .map(Pools.Agent::pod)
            .collect(Collectors.toUnmodifiableSet());
    readyAt.keySet().retainAll(ready);
    ready.forEach(agent -> readyAt.putIfAbsent(agent, nowMillis));
    Set<String> all =
        pool.agents().stream().map(Pools.Agent::pod).collect(Collectors.toUnmodifiableSet());
    signals.expect(
        readyAt.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, e -> e.getValue() + BEGINS_WITHIN_MILLIS)),
        nowMillis);
    signals.tick(nowMillis);
    signals.keepOnly(all, nowMillis);
    heardAt.keySet().retainAll(all);
    faults.keySet().retainAll(all);
    look(pool);
    if (beganAt == Long.MIN_VALUE) {
      beganAt = nowMillis;
    }
    boolean heard =
        ready.isEmpty()
            || nowMillis - beganAt < STALE_MILLIS
            || heardAt.values().stream().anyMatch(at -> nowMillis - at < STALE_MILLIS);
    silent = !heard;
    news = true;
  }

  /** Whether something came in since this was last asked. */
  synchronized boolean news() {
    boolean was = news;
    news = false;
    return was;
  }

  /** Whether every agent that should be heard is. */
  synchronized boolean fresh(long nowMillis) {
    return readyAt.entrySet().stream()
        .allMatch(
            agent ->
                nowMillis
                        - heardAt.getOrDefault(agent.getKey(), Math.max(agent.getValue(), beganAt))
                    < FRESH_MILLIS);
  }

  synchronized void begin(String signal, String id, long sinceMillis) {
    signals.begin(signal, id, sinceMillis);
  }

  synchronized void end(String signal, String id, long nowMillis) {
    signals.end(signal, id, nowMillis);
    news = true;
  }

  synchronized void withdraw(String signal, String id) {
    signals.withdraw(signal, id);
  }

  /** An event that the operator has timed itself. */
  synchronized void timed(String signal, long tookMillis, long nowMillis) {
    signals.timed(signal, tookMillis, nowMillis);
  }

  /** Notes what is to be seen beside the value of a signal. */
  synchronized void note(String signal, String text) {
    notes.put(signal, text);
  }

  /** A second that the operator has looked at. */
  synchronized void slice(String signal, double rate, double demand, long nowMillis) {
    unread.remove(signal);
    signals.slice(signal, rate, demand, nowMillis);
    news = true;
  }

  /** The operator could not look; may be said each time. */
  synchronized void unread(String signal, long nowMillis) {
    unread.putIfAbsent(signal, nowMillis);
  }

  /** Begins to keep what a target needs. */
  synchronized void keep(Target target) {
    switch (target.source()) {
      case Source.Events events -> keep(events.kept(), target.objective().window());
      case Source.Judged judged -> {
        keep(judged.kept(), target.objective().window());
        keep(judged.coverage(), target.objective().window());
      }
      case Source.Sums sums -> {
        signals.sums(sums.key());
        if (sums.key().equals(OVERHEAD)) {
          signals.sums(ENGINE);
        }
      }
      case Source.OwnSums sums -> signals.ownSums(sums.key());
      case Source.Gauges gauges -> signals.gauges(gauges.key());
      case Source.Rows rows -> {}
      case Source.None none -> {}
    }
    String grouped = target.grouped();
    if (grouped != null) {
      signals.groups(grouped, target.objective().window().span());
    }
    burnRing(target);
  }

  /** The events that show how fast a budget burns; null where nobody asks, or counts. */
  private @Nullable CountRing burnRing(Target target) {
    Burn burn = target.burn();
    @Nullable String key =
        switch (target.source()) {
          case Source.Events events -> events.kept().key();
          case Source.Judged judged -> judged.kept().key();
          case Source.Sums sums -> null;
          case Source.OwnSums sums -> null;
          case Source.Gauges gauges -> null;
          case Source.Rows rows -> null;
          case Source.None none -> null;
        };
    return burn == null || key == null ? null : signals.events(key, Burn.SLOT, burn.slots());
  }

  /**
   * How fast the budget of a target burns now. Fewer events than its verdict needs may be enough
   * for it; of what cannot be seen, nothing is said.
   *
   * @param evidence what there is for its verdict now
   */
  synchronized BurnRate burning(Target target, Evidence evidence, BurnRate before, long now) {
    CountRing ring = burnRing(target);
    Burn burn = before.burn();
    boolean blind = evidence.lacking() != null && !evidence.lacking().neutral();
    // Its own window may be shorter than the one over which the budget burns.
    boolean unheard =
        !Double.isNaN(evidence.coverage())
            && signals.coverage(now - RETOLD_MILLIS, burn.longSpan()) < Evidence.LEAST_COVERAGE;
    return ring == null || blind || unheard
        ? BurnRate.unseen(burn)
        : before.next(ring.within(now, burn.longSpan()), ring.within(now, burn.shortSpan()), now);
  }

  /** Forgets the events that nobody judges any more. */
  synchronized void retain(Set<String> keys) {
    signals.retainEvents(keys);
  }

  /** The thresholds that agents are to judge by, by signal. */
  synchronized Map<String, List<Long>> thresholds(Set<String> timed) {
    Map<String, List<Long>> wanted = new TreeMap<>();
    timed.forEach(
        signal -> {
          Set<Long> limits = signals.thresholds(signal);
          if (!limits.isEmpty()) {
            wanted.put(signal, List.copyOf(limits));
          }
        });
    return wanted;
  }

  /** What speaks for and against a target now. */
  synchronized Evidence evidence(Target target, long now) {
    Objective objective = target.objective();
    return switch (target.source()) {
      case Source.None none -> Evidence.lacking(none.cause());
      case Source.Rows rows -> Evidence.lacking(Cause.NotExposed);
      case Source.Events events -> {
        Evidence found = share(objective, events.kept(), now);
        Evidence told = found.lacking() == Cause.NoDemand ? Evidence.lacking(events.none()) : found;
        yield events.agents()
            ? seen(target, told, reach(objective, events.kept(), now), now)
            : looked(target, told, now);
      }
      case Source.Judged judged -> judged(target, judged, now);
      case Source.Sums sums -> {
        var rule = (Rule.Ratio) objective.rule();
        yield seen(
            target,
            RatioEstimator.estimate(
                signals.sums(sums.key()), rule.side(), rule.bound(), objective.window(), now),
            objective.window().span(),
            now);
      }
      case Source.OwnSums sums -> {
        var rule = (Rule.Ratio) objective.rule();
        yield seen(
            target,
            RatioEstimator.worst(
                signals.ownSums(sums.key()), rule.side(), rule.bound(), objective.window(), now),
            objective.window().span(),
            now);
      }
      case Source.Gauges gauges -> {
        var rule = (Rule.Value) objective.rule();
        Evidence found =
            seen(
                target,
                ValueEstimator.estimate(
                    signals.gauges(gauges.key()),
                    rule.side(),
                    rule.bound(),
                    objective.window(),
                    objective.minSamples(),
                    now),
                objective.window().span(),
                now);
        int kills = kills(target, now).size();
        yield kills == 0 ? found : found.refuted(kills, objective.minSamples());
      }
    };
  }

  /** An agent was killed for want of memory; said as often as its pod is looked at. */
  synchronized void killed(String podUid, String pod, long nowMillis) {
    kills.values().removeIf(kill -> nowMillis - kill.atMillis() > KILLS_KEPT_MILLIS);
    news |= kills.putIfAbsent(podUid, new Kill(pod, nowMillis)) == null;
  }

  /** Names of the pods whose kills speak against a target now; of memory only. */
  private List<String> kills(Target target, long now) {
    long span = target.objective().window().span().toMillis();
    return kills.values().stream()
        .filter(kill -> target.signal().equals(MEMORY) && now - kill.atMillis() < span)
        .map(Kill::pod)
        .sorted()
        .toList();
  }

  /** What is left out of judging may be the bad part, as what is not heard may be. */
  private Evidence judged(Target target, Source.Judged source, long now) {
    Objective objective = target.objective();
    Duration reach = reach(objective, source.kept(), now);
    if (target.signal().equals(Compiler.ACCURACY) && validator.isEmpty()) {
      return seen(target, Evidence.lacking(Cause.NotExposed), reach, now);
    }
    Counts ended = counts(source.coverage(), objective.window(), now);
    Evidence found =
        ended.share() < Evidence.LEAST_COVERAGE
            ? Evidence.lacking(source.lacking())
            : share(objective, source.kept(), now);
    Evidence seen = seen(target, found, reach, now);
    // Of a young pool it is not known yet what was heard.
    boolean worse = Double.isNaN(seen.coverage()) || ended.share() < seen.coverage();
    return worse ? seen.covered(ended.share()) : seen;
  }

  private Evidence share(Objective objective, Source.Kept kept, long now) {
    double atLeast = ((Rule.Share) objective.rule()).atLeast();
    Window window = objective.window();
    if (window.counted()) {
      return ShareEstimator.estimate(
          counts(kept, window, now), atLeast, recent(kept, window).events());
    }
    return ShareEstimator.estimate(ring(kept), atLeast, window, now);
  }

  private Counts counts(Source.Kept kept, Window window, long now) {
    return window.counted()
        ? recent(kept, window).last(now, window.span(), window.last()).counts()
        : ring(kept).within(now, window.span());
  }

  private void keep(Source.Kept kept, Window window) {
    var unused = window.counted() ? recent(kept, window) : ring(kept);
  }

  /** How far back the events reach that are judged now. */
  private Duration reach(Objective objective, Source.Kept kept, long now) {
    Window window = objective.window();
    return window.counted()
        ? recent(kept, window).last(now, window.span(), window.last()).span()
        : window.span();
  }

  private CountRing ring(Source.Kept kept) {
    return signals.events(kept.key(), kept.slot(), kept.size());
  }

  private RecentEvents recent(Source.Kept kept, Window window) {
    return signals.recent(kept.key(), window.last());
  }

  /** Who measures a target, for people. */
  synchronized String provider(Target target) {
    return target.signal().equals(Compiler.ACCURACY) && !validator.isEmpty()
        ? "agents: " + validator
        : target.provider();
  }

  /**
   * What agents measure is only as good as their being heard.
   *
   * @param reach how far back the evidence goes
   */
  private Evidence seen(Target target, Evidence found, Duration reach, long now) {
    if (silent) {
      return Evidence.lacking(Cause.Stale);
    }
    List<String> faulty =
        faults.values().stream().map(f -> f.get(target.signal())).filter(Objects::nonNull).toList();
    if (faulty.size() > (1 - Evidence.LEAST_COVERAGE) * faults.size()) {
      return Evidence.lacking(cause(faulty.getFirst()));
    }
    Duration least = reach.compareTo(LEAST_REACH) < 0 ? LEAST_REACH : reach;
    // What is not heard yet is told again by the next report, for as long as that reaches back.
    return found.covered(
        signals.coverage(now - RETOLD_MILLIS, least.compareTo(DAY) > 0 ? DAY : least));
  }

  /** Likewise of what this operator measures: it may not be able to look. */
  private Evidence looked(Target target, Evidence found, long now) {
    Long since = unread.get(target.signal());
    return since == null || now - since < STALE_MILLIS ? found : Evidence.lacking(Cause.Stale);
  }

  /** Why an agent cannot measure something, in its own words. */
  private static Cause cause(String word) {
    return switch (word) {
      case "NoPermission" -> Cause.NoPermission;
      case "ClockUncertain" -> Cause.ClockUncertain;
      default -> Cause.SourceError;
    };
  }

  /** What is to be seen beside a value, for people; null where nobody tells. */
  synchronized @Nullable String beside(Target target, Evidence evidence, long now) {
    String note = notes.get(target.signal());
    if (note != null) {
      return note;
    }
    return target.source() instanceof Source.Sums sums && sums.key().equals(OVERHEAD)
        ? engine(target, evidence, now)
        : percentiles(target, evidence, now);
  }

  private @Nullable String engine(Target target, Evidence evidence, long now) {
    double ratio = signals.sums(ENGINE).within(now, target.objective().window().span()).ratio();
    return evidence.lacking() != null || Double.isNaN(ratio)
        ? null
        : "the engine's own bytes: %s of the payload".formatted(Figures.value(ratio * 100, "%"));
  }

  /** How long events of a target took. */
  private @Nullable String percentiles(Target target, Evidence evidence, long now) {
    DurationRing ring =
        target.source().events().isEmpty() ? null : signals.durations(target.signal());
    if (ring == null || evidence.lacking() != null || target.objective().window().counted()) {
      return null;
    }
    var found = ring.percentiles(now, target.objective().window().span());
    return found.count() == 0
        ? null
        : "p50 %s, p95 %s, p99 %s of %s of the events"
            .formatted(
                millis(found.median()),
                millis(found.ninetyFifth()),
                millis(found.ninetyNinth()),
                Figures.share(Math.min(1, (double) found.count() / evidence.samples())));
  }

  private static String millis(Duration duration) {
    return Measure.show(duration.toNanos() / 1e6, Measure.Kind.DURATION);
  }

  /** The agents that are worst with their figures, for people; not more than so many. */
  synchronized List<String> worst(Target target, int most, long now) {
    Stream<String> killed =
        kills(target, now).stream().map(pod -> pod + " was killed: out of memory");
    Stream<String> owners =
        owners(target, now).stream()
            .map(o -> o.name() + " " + Measure.show(o.value(), target.kind()));
    Stream<String> groups =
        groups(target, now).stream()
            .map(
                g ->
                    "%s %s of %d"
                        .formatted(
                            g.name(), Figures.share(g.counts().share()), g.counts().total()));
    return Stream.of(killed, owners, groups).flatMap(s -> s).limit(most).toList();
  }

  /** The pods that miss a target by themselves, the worst first; only of what is heard. */
  synchronized List<Owner> violators(Target target, long now) {
    Stream<Owner> groups =
        groups(target, now).stream()
            .filter(ShareEstimator.Group::beyond)
            .map(g -> new Owner(g.name(), g.counts().share()));
    return Stream.concat(outside(target, now), groups)
        .filter(o -> now - heardAt.getOrDefault(o.name(), 0L) < FRESH_MILLIS)
        .toList();
  }

  /** The pods that seem to miss a target by themselves, heard just now or not. */
  synchronized Set<String> affected(Target target, long now) {
    String key = target.grouped();
    return key == null
        ? outside(target, now).map(Owner::name).collect(Collectors.toSet())
        : ShareEstimator.affected(
            signals.groups(key, target.objective().window().span()).within(now),
            ((Rule.Share) target.objective().rule()).atLeast());
  }

  /** Who has a gauge whose mean is outside of a target, the worst first. */
  private Stream<Owner> outside(Target target, long now) {
    return owners(target, now).stream()
        .filter(
            o -> {
              var rule = (Rule.Value) target.objective().rule();
              return !rule.side().holds(o.value(), rule.bound());
            });
  }

  /** Who has a gauge of a target, the worst first; nobody where there are none. */
  private List<Owner> owners(Target target, long now) {
    if (!(target.source() instanceof Source.Gauges gauges)) {
      return List.of();
    }
    return ValueEstimator.worst(
        signals.gauges(gauges.key()),
        ((Rule.Value) target.objective().rule()).side(),
        target.objective().window(),
        target.objective().minSamples(),
        now);
  }

  /** Who has counted events of a target, the worst first; nobody where all are counted as one. */
  private List<ShareEstimator.Group> groups(Target target, long now) {
    String key = target.grouped();
    return key == null
        ? List.of()
        : ShareEstimator.worst(
            signals.groups(key, target.objective().window().span()).within(now),
            ((Rule.Share) target.objective().rule()).atLeast());
  }
}

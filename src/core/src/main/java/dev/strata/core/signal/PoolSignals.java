package dev.strata.core.signal;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that is measured of one pool: rings of events, sums and gauges, filled from agents' reports
 * and from the operator's own observations. Folding a report twice, late or out of order adds
 * nothing to it and takes nothing away. Not thread-safe: its owner locks it.
 */
public final class PoolSignals {
  /** Nobody who lives says nothing for so long while others of its pod are heard. */
  private static final long SILENT_MILLIS = 5_000;

  /** A process that was silent for so long has told all that it will tell. */
  private static final long FORGET_MILLIS = Duration.ofHours(2).toMillis();

  /** A process that says that it is older than thirty years counts wrongly. */
  private static final long MOST_SECONDS = Duration.ofDays(30 * 365).toSeconds();

  /** Between a signal and its threshold. */
  private static final char AT = '@';

  /**
   * Of one key this many windows are told apart by agent. Those that nobody wants any more are not
   * known, so the oldest gives way.
   */
  private static final int MOST_WINDOWS = 8;

  /** A gap is filled in as many parts at most. */
  private static final long MOST_PARTS = 60;

  private static final Duration SUM_SLOT = Duration.ofSeconds(10);
  private static final int SUM_SLOTS = 400;

  /** How far back sums are kept. */
  public static final Duration SUM_SPAN = Duration.ofHours(1);

  /** How far back gauges, and the sums of one agent, are kept. */
  public static final Duration OWN_SPAN = Duration.ofMinutes(15);

  private static final int OWN_SUM_SLOTS = 92;
  private final Map<String, List<Kept>> events = new HashMap<>();
  private final Map<String, SortedSet<Long>> thresholds = new HashMap<>();
  private final Map<String, DurationRing> durations = new HashMap<>();
  private final Map<String, SumRing> sums = new HashMap<>();
  private final Map<String, Map<String, SumRing>> ownSums = new HashMap<>();
  private final Map<String, Map<String, GaugeRing>> gauges = new HashMap<>();
  private final Map<String, List<GroupRings>> groups = new HashMap<>();
  private final Map<String, AgentStream> streams = new HashMap<>();
  private final Map<String, List<RecentEvents>> recent = new HashMap<>();
  private final Presence presence;
  private long refused;

  private final Map<String, Map<String, Waiting>> waiting = new HashMap<>();

  private record Waiting(long sinceMillis, Set<Long> thresholds) {}

  private record Kept(Duration slot, int size, CountRing ring) {}

  /** Nothing is measured yet. */
  public PoolSignals() {
    this.presence = new Presence();
  }

  private PoolSignals(SavedSignals saved) {
    saved
        .events()
        .forEach(
            (key, rings) ->
                events.put(
                    key,
                    new ArrayList<>(
                        rings.stream()
                            .map(
                                r ->
                                    new Kept(
                                        Duration.ofMillis(r.slotMillis()),
                                        r.size(),
                                        CountRing.restore(r)))
                            .toList())));
    saved
        .recent()
        .forEach(
            (key, suffixes) ->
                recent.put(
                    key, new ArrayList<>(suffixes.stream().map(RecentEvents::restore).toList())));
    events.keySet().forEach(this::learn);
    recent.keySet().forEach(this::learn);
    saved.sums().forEach((key, ring) -> sums.put(key, SumRing.restore(ring)));
    saved
        .ownSums()
        .forEach(
            (key, owners) ->
                owners.forEach((owner, ring) -> ownSums(key).put(owner, SumRing.restore(ring))));
    saved
        .gauges()
        .forEach(
            (key, owners) -> {
              Map<String, GaugeRing> rings = gauges(key);
              owners.forEach((owner, gauge) -> rings.put(owner, GaugeRing.restore(gauge)));
            });
    saved.streams().forEach((process, s) -> streams.put(process, AgentStream.restore(s)));
    this.presence = new Presence(saved.heard(), saved.expected(), saved.expectedUntil());
  }

  /**
   * As it can be kept. Events that the operator waits for are left out: another operator does not
   * wait for the same ones. So are the events agent by agent: they would be most of what is kept,
   * and are of minutes, so another operator fills them anew.
   */
  public SavedSignals save() {
    Map<String, List<SavedRing>> savedEvents = new TreeMap<>();
    events.forEach(
        (key, kept) -> savedEvents.put(key, kept.stream().map(k -> k.ring().save()).toList()));
    Map<String, List<SavedRing>> savedRecent = new TreeMap<>();
    recent.forEach(
        (key, kept) -> savedRecent.put(key, kept.stream().map(RecentEvents::save).toList()));
    Map<String, SavedRing> savedSums = new TreeMap<>();
    sums.forEach((key, ring) -> savedSums.put(key, ring.save()));
    Map<String, Map<String, SavedRing>> savedOwn = new TreeMap<>();
    ownSums.forEach(
        (key, owners) -> {
          Map<String, SavedRing> rings = new TreeMap<>();
          owners.forEach((owner, ring) -> rings.put(owner, ring.save()));
          savedOwn.put(key, rings);
        });
    Map<String, Map<String, SavedGauge>> savedGauges = new TreeMap<>();
    gauges.forEach(
        (key, owners) -> {
          Map<String, SavedGauge> rings = new TreeMap<>();
          owners.forEach((owner, ring) -> rings.put(owner, ring.save()));
          savedGauges.put(key, rings);
        });
    Map<String, SavedStream> savedStreams = new TreeMap<>();
    streams.forEach((process, stream) -> savedStreams.put(process, stream.save()));
    return new SavedSignals(
        savedEvents,
        savedRecent,
        savedSums,
        savedOwn,
        savedGauges,
        savedStreams,
        presence.savedHeard(),
        presence.savedExpected(),
        presence.until());
  }

  /** The signals that were kept. */
  public static PoolSignals restore(SavedSignals saved) {
    return new PoolSignals(saved);
  }

  /**
   * Takes in a report.
   *
   * @param receivedMillis when it came in, by the clock that all else is measured with
   */
  public Folding fold(AgentReport report, long receivedMillis) {
    AgentStream known = streams.get(report.incarnation());
    AgentStream stream = known == null ? new AgentStream(report, receivedMillis) : known;
    if (report.second() < 1 || report.second() > MOST_SECONDS) {
      return refused("its second is " + report.second());
    }
    if (known != null && !stream.news(report)) {
      return Folding.KNOWN;
    }
    String fault = stream.fault(report, receivedMillis);
    if (!fault.isEmpty() && outlived(stream, receivedMillis)) {
      fault = revived(stream, report, receivedMillis);
    }
    if (!fault.isEmpty()) {
      return refused(fault);
    }
    if (known == null) {
      replace(report, receivedMillis);
      streams.put(report.incarnation(), stream);
    }
    long from = stream.nextSecond(report);
    var span = new Span(report, stream.second(), from, receivedMillis);
    report
        .events()
        .forEach((key, s) -> each(span, s, stream.total(key), eventsOf(key, report.agent())));
    report
        .sums()
        .forEach((key, s) -> each(span, s, stream.total(key), sumsOf(key, report.agent())));
    report
        .durations()
        .forEach(
            (signal, told) -> {
              // Only what somebody judges is kept.
              if (thresholds.containsKey(signal)) {
                durations
                    .computeIfAbsent(signal, s -> new DurationRing())
                    .add(receivedMillis, told);
              }
            });
    report.gauges().forEach((key, values) -> gauge(report, key, values, from, receivedMillis));
    for (long second = from; second <= report.second(); second++) {
      presence.heard(report.agent(), at(report, second, receivedMillis));
    }
    stream.folded(report, receivedMillis);
    if (stream.gone()) {
      fail(stream, receivedMillis);
    }
    return Folding.FOLDED;
  }

  private Folding refused(String why) {
    refused++;
    return Folding.refused(why);
  }

  /**
   * Whether a process that was taken for gone has spoken on all the time, and the one that seemed
   * to come after it speaks no more: then it was the other way round. A crash within a process'
   * first second can be told of so late that the successor is known already. A frozen process that
   * thaws has not spoken all the time.
   */
  private boolean outlived(AgentStream stream, long receivedMillis) {
    if (!stream.gone() || !stream.speaksOn(receivedMillis, SILENT_MILLIS)) {
      return false;
    }
    List<AgentStream> after =
        streams.values().stream()
            .filter(s -> s.agent().equals(stream.agent()) && !s.gone())
            .toList();
    return !after.isEmpty()
        && after.stream().allMatch(s -> receivedMillis - s.heard() > SILENT_MILLIS);
  }

  /** Takes a process back, unless its report cannot be true for another reason. */
  private String revived(AgentStream stream, AgentReport report, long receivedMillis) {
    long gone = stream.revive();
    String fault = stream.fault(report, receivedMillis);
    if (fault.isEmpty()) {
      replace(report, receivedMillis);
      stream.revive();
    } else {
      stream.end(gone);
    }
    return fault;
  }

  /** A new process of an agent means that its old one is gone, and what it had begun with it. */
  private void replace(AgentReport report, long receivedMillis) {
    streams.values().removeIf(old -> receivedMillis - old.heard() > FORGET_MILLIS);
    for (AgentStream old : streams.values()) {
      if (old.agent().equals(report.agent())) {
        end(old, receivedMillis);
      }
    }
  }

  /** Notes that a process is gone: what it had begun has turned bad. */
  public void ended(String incarnation, long nowMillis) {
    AgentStream gone = streams.get(incarnation);
    if (gone != null) {
      end(gone, nowMillis);
    }
  }

  private void end(AgentStream gone, long nowMillis) {
    gone.end(nowMillis);
    fail(gone, nowMillis);
  }

  /** A gone process is not forgotten at once: a late report of it would look like a new process. */
  private void fail(AgentStream gone, long nowMillis) {
    gone.lose().forEach((key, count) -> event(key, gone.agent(), nowMillis, 0, count));
  }

  private static long at(AgentReport report, long second, long receivedMillis) {
    return receivedMillis - (report.second() - second) * 1000;
  }

  private interface Adding {
    void add(long atMillis, long first, long second);
  }

  private Adding eventsOf(String key, String agent) {
    return (at, good, total) -> event(key, agent, at, good, total);
  }

  private Adding sumsOf(String key, String agent) {
    SumRing ring = sums.get(key);
    Map<String, SumRing> owners = ownSums.get(key);
    SumRing own =
        owners == null
            ? null
            : owners.computeIfAbsent(agent, a -> new SumRing(SUM_SLOT, OWN_SUM_SLOTS));
    return (at, above, below) -> {
      if (ring != null) {
        ring.add(at, above, below);
      }
      if (own != null) {
        own.add(at, above, below);
      }
    };
  }

  /**
   * The seconds of a report that are new.
   *
   * @param folded up to which second its process was known before
   */
  private record Span(AgentReport report, long folded, long from, long receivedMillis) {
    long at(long second) {
      return PoolSignals.at(report, second, receivedMillis);
    }
  }

  /** Adds the new seconds one by one. */
  private static void each(Span span, Series series, @Nullable Series before, Adding adding) {
    int told = series.firsts().size();
    long first = 0;
    long second = 0;
    for (int i = 0; i < told; i++) {
      long at = span.report().second() - told + 1 + i;
      if (at >= span.from()) {
        long a = series.firsts().get(i);
        long b = series.seconds().get(i);
        first += a;
        second += b;
        if (a > 0 || b > 0) {
          adding.add(span.at(at), a, b);
        }
      }
    }
    if (before != null) {
      spread(
          span,
          series.first() - before.first() - first,
          series.second() - before.second() - second,
          adding);
    }
  }

  /**
   * What fell into a gap that is longer than a report tells of is known from the totals only. It is
   * spread evenly over the gap: added at one moment, an hour's events would look like a second's.
   */
  private static void spread(Span span, long first, long second, Adding adding) {
    long gap = Math.max(1, span.from() - 1 - span.folded());
    long parts = Math.min(gap, MOST_PARTS);
    long firsts = 0;
    long seconds = 0;
    for (long part = 1; part <= parts; part++) {
      long b = share(second, part, parts) - seconds;
      // As much of one as of the other, so that no part has more good events than events.
      long a =
          (second == 0 ? share(first, part, parts) : share(first, seconds + b, second)) - firsts;
      firsts += a;
      seconds += b;
      if (a > 0 || b > 0) {
        adding.add(span.at(span.from() - 1 - gap + gap * part / parts), a, b);
      }
    }
  }

  private static long share(long all, long part, long parts) {
    return BigInteger.valueOf(all)
        .multiply(BigInteger.valueOf(part))
        .divide(BigInteger.valueOf(parts))
        .longValueExact();
  }

  private void gauge(
      AgentReport report, String key, List<Double> values, long from, long receivedMillis) {
    Map<String, GaugeRing> owners = gauges.get(key);
    if (owners == null) {
      return;
    }
    GaugeRing ring = owners.computeIfAbsent(report.agent(), agent -> new GaugeRing(OWN_SPAN));
    for (int i = 0; i < values.size(); i++) {
      long second = report.second() - values.size() + 1 + i;
      if (second >= from) {
        ring.add(at(report, second, receivedMillis), values.get(i));
      }
    }
  }

  /** Adds events that an agent has counted. */
  private void event(String key, String agent, long atMillis, long good, long total) {
    event(key, atMillis, good, total);
    for (GroupRings own : groups.getOrDefault(key, List.of())) {
      own.add(agent, atMillis, good, total);
    }
  }

  /** Adds events that somebody else than an agent has counted. */
  public void event(String key, long atMillis, long good, long total) {
    for (Kept kept : events.getOrDefault(key, List.of())) {
      kept.ring().add(atMillis, good, total);
    }
    for (RecentEvents suffix : recent.getOrDefault(key, List.of())) {
      suffix.add(atMillis, good, total);
    }
  }

  /**
   * Begins an event that the operator waits for; it turns bad when it outlasts a threshold.
   *
   * @param id unique among the signal's open events
   */
  public void begin(String signal, String id, long sinceMillis) {
    if (thresholds(signal).isEmpty()) {
      return; // nobody judges it
    }
    waiting
        .computeIfAbsent(signal, s -> new HashMap<>())
        .put(id, new Waiting(sinceMillis, new TreeSet<>(thresholds(signal))));
  }

  /** It came to its end. */
  public void end(String signal, String id, long nowMillis) {
    Waiting event = waiting.getOrDefault(signal, new HashMap<>()).remove(id);
    if (event != null) {
      late(signal, event, nowMillis);
      event.thresholds().forEach(limit -> event(key(signal, limit), nowMillis, 1, 1));
    }
  }

  /** Nobody waits for it any more: it is left out, unless it was bad already. */
  public void withdraw(String signal, String id) {
    waiting.getOrDefault(signal, new HashMap<>()).remove(id);
  }

  /** Turns bad what has run out of time. To be called each second. */
  public void tick(long nowMillis) {
    waiting.forEach((signal, events) -> events.values().forEach(e -> late(signal, e, nowMillis)));
  }

  private void late(String signal, Waiting event, long nowMillis) {
    event
        .thresholds()
        .removeIf(
            limit -> {
              boolean late = nowMillis - event.sinceMillis() > limit;
              if (late) {
                event(key(signal, limit), nowMillis, 0, 1);
              }
              return late;
            });
  }

  /** An event that the operator has timed itself, at its end. */
  public void timed(String signal, long tookMillis, long nowMillis) {
    for (long limit : thresholds(signal)) {
      event(key(signal, limit), nowMillis, tookMillis <= limit ? 1 : 0, 1);
    }
  }

  /**
   * A slice of time that somebody has measured: good at each threshold that was reached, and left
   * out at those that nobody asked for.
   *
   * @param rate what was done, a second
   * @param demand what could have been done, a second
   */
  public void slice(String signal, double rate, double demand, long nowMillis) {
    for (long least : thresholds(signal)) {
      if (demand >= least) {
        event(key(signal, least), nowMillis, rate >= least ? 1 : 0, 1);
      }
    }
  }

  /**
   * The key under which a signal's events that are judged at a threshold are kept.
   *
   * @param threshold milliseconds, or a number a second
   */
  public static String key(String signal, long threshold) {
    return signal + AT + threshold;
  }

  /** The thresholds at which a signal's events are kept: milliseconds, or a number a second. */
  public Set<Long> thresholds(String signal) {
    return Collections.unmodifiableSet(
        thresholds.getOrDefault(signal, Collections.emptySortedSet()));
  }

  /** Once for each key, because thresholds are asked for with every report. */
  private void learn(String key) {
    int at = key.lastIndexOf(AT);
    if (at > 0) {
      thresholds
          .computeIfAbsent(key.substring(0, at), signal -> new TreeSet<>())
          .add(Long.parseLong(key.substring(at + 1)));
    }
  }

  /**
   * Notes who should be heard. To be called each second; seconds that were left out count too.
   *
   * @param agents since when each is due
   */
  public void expect(Map<String, Long> agents, long nowMillis) {
    presence.expect(agents, nowMillis);
  }

  /**
   * The latest events of a signal, at least so many. As with {@link #events}, what is asked for is
   * kept from then on.
   */
  public RecentEvents recent(String key, long most) {
    List<RecentEvents> kept = recent.computeIfAbsent(key, k -> new ArrayList<>());
    learn(key);
    for (RecentEvents suffix : kept) {
      if (suffix.most() == most) {
        return suffix;
      }
    }
    var fresh = new RecentEvents(most);
    kept.add(fresh);
    return fresh;
  }

  /**
   * Forgets what nobody asks for any more, so that agents need not count it.
   *
   * @param keys of events, such as from {@link #key}, that are still judged
   */
  public void retainEvents(Set<String> keys) {
    events.keySet().retainAll(keys);
    recent.keySet().retainAll(keys);
    groups.keySet().retainAll(keys);
    thresholds.clear();
    events.keySet().forEach(this::learn);
    recent.keySet().forEach(this::learn);
    durations.keySet().retainAll(thresholds.keySet());
  }

  /**
   * The ring of a signal with slots fine enough for a span. What is asked for is kept from then on;
   * nobody has asked before, so nothing was kept before.
   */
  public CountRing events(String key, Duration slot, int size) {
    List<Kept> kept = events.computeIfAbsent(key, k -> new ArrayList<>());
    learn(key);
    for (Kept k : kept) {
      if (k.slot().equals(slot) && k.size() >= size) {
        return k.ring();
      }
    }
    var ring = new CountRing(slot, size);
    kept.add(new Kept(slot, size, ring));
    return ring;
  }

  /**
   * The events of a signal agent by agent, over a window. As with {@link #events}, what is asked
   * for is kept from then on; after a restart of the operator it fills anew, because it is not
   * saved.
   *
   * @param window at most {@link GroupRings#LONGEST}
   */
  public GroupRings groups(String key, Duration window) {
    List<GroupRings> kept = groups.computeIfAbsent(key, k -> new ArrayList<>());
    for (GroupRings own : kept) {
      if (own.window().equals(window)) {
        return own;
      }
    }
    if (kept.size() == MOST_WINDOWS) {
      kept.removeFirst();
    }
    var fresh = new GroupRings(window);
    kept.add(fresh);
    return fresh;
  }

  /** The sums of a signal. */
  public SumRing sums(String key) {
    return sums.computeIfAbsent(key, k -> new SumRing(SUM_SLOT, SUM_SLOTS));
  }

  /**
   * The sums of a signal by agent, over at most {@link #OWN_SPAN}; agents that are gone stay until
   * {@link #keepOnly}.
   */
  public Map<String, SumRing> ownSums(String key) {
    return ownSums.computeIfAbsent(key, k -> new TreeMap<>());
  }

  /** The gauges of a signal, by agent; agents that are gone stay until {@link #keepOnly}. */
  public Map<String, GaugeRing> gauges(String key) {
    return gauges.computeIfAbsent(key, k -> new TreeMap<>());
  }

  /**
   * Forgets the gauges and the own events of agents that the pool does not have any more. What they
   * had begun and not ended has turned bad; one that ended in order has left nothing open.
   */
  public void keepOnly(Set<String> agents, long nowMillis) {
    gauges.values().forEach(owners -> owners.keySet().retainAll(agents));
    ownSums.values().forEach(owners -> owners.keySet().retainAll(agents));
    for (AgentStream stream : streams.values()) {
      boolean there = agents.contains(stream.agent());
      if (!there && !stream.gone()) {
        end(stream, nowMillis);
      } else if (there && stream.gone() && unfollowed(stream)) {
        // It was overlooked, such as by a cache that had its pod and not yet its identity.
        stream.revive();
      }
    }
    groups.values().forEach(windows -> windows.forEach(own -> own.keepOnly(agents)));
  }

  /** Whether no other process of its agent is or was there after it. */
  private boolean unfollowed(AgentStream stream) {
    return streams.values().stream()
        .noneMatch(
            s -> s != stream && s.agent().equals(stream.agent()) && s.heard() >= stream.heard());
  }

  /** The share of agent-seconds in a window that were heard of; NaN where nothing is known. */
  public double coverage(long nowMillis, Duration span) {
    return presence.coverage(nowMillis, span);
  }

  /** How long events of a signal took; null when nobody has told of any. */
  public @Nullable DurationRing durations(String signal) {
    return durations.get(signal);
  }

  /** Reports that were refused. */
  public long refusedReports() {
    return refused;
  }
}

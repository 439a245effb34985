package dev.strata.core.signal;

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
  /** A process that says that it is older than thirty years counts wrongly. */
  private static final long MOST_SECONDS = Duration.ofDays(30 * 365).toSeconds();

  /** Between a signal and its threshold. */
  private static final char AT = '@';

  /**
   * Of one key this many windows are told apart by agent. Those that nobody wants any more are not
   * known, so the oldest gives way.
   */
  private static final int MOST_WINDOWS = 8;

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
  private final Processes processes =
      new Processes((agent, key, at, count) -> event(key, agent, at, 0, count));
  private final Map<String, List<RecentEvents>> recent = new HashMap<>();
  private final Presence presence;
  private long refused;

  /** What this operator waits for; counted like what agents count. */
  private final Waits waits =
      new Waits((signal, limit, at, good) -> event(key(signal, limit), at, good ? 1 : 0, 1));

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
    processes.restore(saved.streams());
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
    return new SavedSignals(
        savedEvents,
        savedRecent,
        savedSums,
        savedOwn,
        savedGauges,
        processes.save(),
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
    AgentStream known = processes.get(report.incarnation());
    AgentStream stream = known == null ? new AgentStream(report, receivedMillis) : known;
    if (report.second() < 1 || report.second() > MOST_SECONDS) {
      return refused("its second is " + report.second());
    }
    if (known != null && !stream.news(report)) {
      return Folding.KNOWN;
    }
    String fault =
        known == null && processes.isCrowded(report.agent(), receivedMillis)
            ? "its pod has had too many processes"
            : processes.fault(stream, report, receivedMillis);
    if (!fault.isEmpty()) {
      return refused(fault);
    }
    if (known == null) {
      processes.begin(stream, report, receivedMillis);
    }
    long from = stream.nextSecond(report);
    var span = new NewSeconds(report, stream.second(), from, receivedMillis);
    report
        .events()
        .forEach((key, s) -> span.each(s, stream.total(key), eventsOf(key, report.agent())));
    report.sums().forEach((key, s) -> span.each(s, stream.total(key), sumsOf(key, report.agent())));
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
    report.gauges().forEach((key, values) -> gauge(span, key, values));
    for (long second = from; second <= report.second(); second++) {
      presence.heard(report.agent(), span.at(second));
    }
    stream.folded(report, receivedMillis);
    if (stream.gone()) {
      processes.fail(stream, receivedMillis);
    }
    return Folding.FOLDED;
  }

  private Folding refused(String why) {
    refused++;
    return Folding.refused(why);
  }

  /** Notes that a process is gone: what it had begun has turned bad. */
  public void ended(String incarnation, long nowMillis) {
    processes.ended(incarnation, nowMillis);
  }

  private NewSeconds.Adding eventsOf(String key, String agent) {
    return (at, good, total) -> event(key, agent, at, good, total);
  }

  private NewSeconds.Adding sumsOf(String key, String agent) {
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

  private void gauge(NewSeconds span, String key, List<Double> values) {
    Map<String, GaugeRing> owners = gauges.get(key);
    if (owners == null) {
      return;
    }
    AgentReport report = span.report();
    GaugeRing ring = owners.computeIfAbsent(report.agent(), agent -> new GaugeRing(OWN_SPAN));
    for (int i = 0; i < values.size(); i++) {
      long second = report.second() - values.size() + 1 + i;
      if (second >= span.from()) {
        ring.add(span.at(second), values.get(i));
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
    waits.begin(signal, id, sinceMillis, thresholds(signal));
  }

  /** It came to its end. */
  public void end(String signal, String id, long nowMillis) {
    waits.end(signal, id, nowMillis);
  }

  /** Nobody waits for it any more: it is left out, unless it was bad already. */
  public void withdraw(String signal, String id) {
    waits.withdraw(signal, id);
  }

  /** Turns bad what has run out of time. To be called each second. */
  public void tick(long nowMillis) {
    waits.tick(nowMillis);
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
    processes.keepOnly(agents, nowMillis);
    groups.values().forEach(windows -> windows.forEach(own -> own.keepOnly(agents)));
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

package dev.strata.core.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever a network does to reports, no event is counted twice and none is made up. */
class FoldingPropertiesTest {
  private static final int LIVES_ON = 20;

  private record Arrival(FakeAgent agent, int second, long at) {}

  /** Reports each second, some of them lost, doubled or late; the first and the last come in. */
  private static List<Arrival> sent(FakeAgent agent, long begin, Random random) {
    return sent(agent, agent.seconds(), begin, random);
  }

  private static List<Arrival> sent(FakeAgent agent, int seconds, long begin, Random random) {
    List<Arrival> arrivals = new ArrayList<>();
    int outage = random.nextInt(seconds);
    int heals = random.nextBoolean() ? outage + random.nextInt(150) : outage;
    for (int second = 1; second <= seconds; second++) {
      boolean needed = second == 1 || second == seconds;
      boolean lost = random.nextInt(4) == 0 || (second >= outage && second < heals);
      for (int copy = random.nextInt(5) == 0 ? 2 : 1; copy > 0 && (needed || !lost); copy--) {
        long late = random.nextInt(6) == 0 ? random.nextInt(30_000) : random.nextInt(200);
        arrivals.add(new Arrival(agent, second, begin + second * 1000L + late));
      }
    }
    return arrivals;
  }

  private static Listener hears(List<Arrival> arrivals) {
    var listener = new Listener();
    arrivals.stream()
        .sorted(Comparator.comparingLong(Arrival::at))
        .forEach(a -> listener.signals.fold(a.agent().report(a.second()), a.at()));
    return listener;
  }

  private static List<FakeAgent> agents(int count, Random random) {
    List<FakeAgent> agents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      agents.add(new FakeAgent("agent-" + i, "p" + i).lives(1 + random.nextInt(300), random));
    }
    return agents;
  }

  @Property(tries = 300)
  void theTotalsAreThoseOfTheAgents(
      @ForAll @IntRange(min = 1, max = 5) int count, @ForAll long seed) {
    var random = new Random(seed);
    List<FakeAgent> agents = agents(count, random);
    List<Arrival> arrivals = new ArrayList<>();
    agents.forEach(agent -> arrivals.addAll(sent(agent, random.nextInt(2000), random)));
    Listener listener = hears(arrivals);
    Counts truth = Counts.NONE;
    for (FakeAgent agent : agents) {
      truth = truth.plus(agent.counts(agent.seconds()));
    }
    assertThat(listener.counts()).isEqualTo(truth);
    assertThat(listener.sums()).isEqualTo(truth);
    assertThat(listener.signals.refusedReports()).isZero();
  }

  @Property(tries = 100)
  void atAnyMomentTheyAreThoseOfTheNewestReports(@ForAll long seed) {
    var random = new Random(seed);
    FakeAgent agent = agents(1, random).getFirst();
    var listener = new Listener();
    int newest = 0;
    for (Arrival a :
        sent(agent, 0, random).stream().sorted(Comparator.comparingLong(Arrival::at)).toList()) {
      Folding folding = listener.signals.fold(agent.report(a.second()), a.at());
      assertThat(folding.outcome())
          .isEqualTo(a.second() > newest ? Folding.Outcome.FOLDED : Folding.Outcome.KNOWN);
      newest = Math.max(newest, a.second());
      assertThat(listener.counts()).isEqualTo(agent.counts(newest));
    }
  }

  @Property(tries = 100)
  void theOrderOfTheAgentsDoesNotMatter(
      @ForAll @IntRange(min = 2, max = 5) int count, @ForAll long seed) {
    var random = new Random(seed);
    Map<FakeAgent, List<Arrival>> byAgent = new HashMap<>();
    for (FakeAgent agent : agents(count, random)) {
      List<Arrival> own = sent(agent, random.nextInt(2000), random);
      own.sort(Comparator.comparingLong(Arrival::at));
      byAgent.put(agent, own);
    }
    assertThat(shuffled(byAgent, random).content()).isEqualTo(shuffled(byAgent, random).content());
  }

  /** Each agent's reports in their order, the agents' in any. */
  private static Listener shuffled(Map<FakeAgent, List<Arrival>> byAgent, Random random) {
    var listener = new Listener();
    List<Deque<Arrival>> left = new ArrayList<>();
    byAgent.values().forEach(own -> left.add(new ArrayDeque<>(own)));
    while (!left.isEmpty()) {
      Deque<Arrival> next = left.get(random.nextInt(left.size()));
      Arrival a = next.removeFirst();
      listener.signals.fold(a.agent().report(a.second()), a.at());
      left.removeIf(Deque::isEmpty);
    }
    return listener;
  }

  /**
   * Slot by slot the agents' own events are the pool's, and each agent's are what they would be if
   * it were alone; also of an agent that crashed and came back in its pod.
   */
  @Property(tries = 200)
  void theAgentsAddUpToThePool(@ForAll @IntRange(min = 1, max = 5) int count, @ForAll long seed) {
    var random = new Random(seed);
    List<FakeAgent> agents = agents(count, random);
    agents.getFirst().open(random.nextInt(20));
    agents.add(new FakeAgent("agent-0", "back").lives(1 + random.nextInt(200), random));
    List<Arrival> arrivals = new ArrayList<>();
    agents.forEach(agent -> arrivals.addAll(sent(agent, random.nextInt(300_000), random)));
    arrivals.sort(Comparator.comparingLong(Arrival::at));
    Duration slot = Duration.ofSeconds(2 + random.nextInt(59));
    var all = new Apart(slot);
    Map<String, Apart> alone = new HashMap<>();
    for (Arrival a : arrivals) {
      all.hears(a);
      Apart one = alone.computeIfAbsent(a.agent().agent, name -> new Apart(slot));
      one.hears(a);
      Map<String, Counts> groups = all.groups.within(a.at());
      assertThat(groups.values().stream().reduce(Counts.NONE, Counts::plus))
          .isEqualTo(all.pool.within(a.at(), all.window));
      assertThat(groups.getOrDefault(a.agent().agent, Counts.NONE))
          .isEqualTo(one.pool.within(a.at(), one.window));
    }
  }

  /** Keeps a window of a pool, whole and agent by agent, in slots of one length. */
  private static final class Apart {
    private final PoolSignals signals = new PoolSignals();
    private final Duration window;
    private final GroupRings groups;
    private final CountRing pool;

    Apart(Duration slot) {
      window = slot.multipliedBy(15);
      groups = signals.groups(FakeAgent.DONE, window);
      pool = signals.events(FakeAgent.DONE, slot, 1000);
    }

    void hears(Arrival a) {
      signals.fold(a.agent().report(a.second()), a.at());
    }
  }

  /**
   * A crash and its successor, whose first reports may overtake the last ones of the crashed, and
   * even its first one: then the operator takes the crashed for the successor, until it has heard
   * nothing of it for a while and the other one still speaks.
   */
  @Property(tries = 300)
  void aCrashNeverLooksBetterThanItIs(@ForAll long seed) {
    var random = new Random(seed);
    var crashed = new FakeAgent("agent-0", "old").lives(1 + random.nextInt(200), random);
    crashed.open(random.nextInt(20));
    int disturbed = 1 + random.nextInt(200);
    var successor = new FakeAgent("agent-0", "new").lives(disturbed + LIVES_ON, random);
    List<Arrival> arrivals = sent(crashed, 0, random);
    long began = crashed.seconds() * 1000L + random.nextInt(3000);
    arrivals.addAll(sent(successor, disturbed, began, random));
    long calm = arrivals.stream().mapToLong(Arrival::at).max().orElseThrow();
    for (int second = 1; second <= LIVES_ON; second++) {
      arrivals.add(new Arrival(successor, disturbed + second, calm + second * 1000L));
    }
    Listener listener = hears(arrivals);
    Counts begun = crashed.counts(crashed.seconds());
    Counts truth =
        successor
            .counts(successor.seconds())
            .plus(new Counts(begun.good(), begun.total() + crashed.report().open().get("done")));
    Counts seen = listener.counts();
    assertThat(seen.good()).isLessThanOrEqualTo(truth.good());
    long bad = seen.total() - seen.good();
    if (listener.signals.refusedReports() == 0) {
      assertThat(bad).isGreaterThanOrEqualTo(truth.total() - truth.good());
      assertThat(seen.good()).isEqualTo(truth.good());
    }
  }

  /** Whoever is alive is heard in the end, whatever came late of who was there before. */
  @Property(tries = 300)
  void aLateWordOfTheDeadSilencesNobody(@ForAll long seed) {
    var random = new Random(seed);
    var crashed = new FakeAgent("agent-0", "old").lives(1 + random.nextInt(3), random);
    var successor = new FakeAgent("agent-0", "new").lives(60 + LIVES_ON, random);
    List<Arrival> arrivals = new ArrayList<>();
    for (int second = 1; second <= successor.seconds(); second++) {
      arrivals.add(new Arrival(successor, second, second * 1000L));
    }
    long late = random.nextInt(60_000);
    for (int second = 1; second <= crashed.seconds(); second++) {
      arrivals.add(new Arrival(crashed, second, late + second * 100L));
    }
    Listener listener = hears(arrivals);
    assertThat(listener.counts())
        .isEqualTo(successor.counts(successor.seconds()).plus(crashed.counts(crashed.seconds())));
  }

  /**
   * Whatever an operator after this one goes on from: what this one kept now, or some seconds ago,
   * with all that came in since then unheard. Each event counts once all the same, at any moment.
   */
  @Property(tries = 200)
  void aNewLeaderNeitherLosesNorDoubles(
      @ForAll @IntRange(min = 1, max = 5) int count, @ForAll long seed) {
    var random = new Random(seed);
    List<Arrival> arrivals = new ArrayList<>();
    List<FakeAgent> agents = agents(count, random);
    agents.forEach(agent -> arrivals.addAll(sent(agent, random.nextInt(2000), random)));
    arrivals.sort(Comparator.comparingLong(Arrival::at));
    var leader = new Leader(new PoolSignals());
    Map<FakeAgent, Integer> newest = new HashMap<>();
    for (int i = 0; i < arrivals.size(); i++) {
      if (random.nextInt(40) == 0) {
        SavedSignals kept = leader.signals.save();
        Map<FakeAgent, Integer> then = new HashMap<>(newest);
        long away = arrivals.get(i).at() + random.nextInt(16_000);
        // The last word of an agent is never told again, nor what was a minute before its first.
        while (i < arrivals.size() - 1
            && arrivals.get(i).at() < away
            && !last(arrivals.get(i))
            && then.containsKey(arrivals.get(i).agent())) {
          leader.hears(arrivals.get(i++), newest);
        }
        leader = new Leader(PoolSignals.restore(kept));
        newest = then;
      }
      leader.hears(arrivals.get(i), newest);
      assertThat(leader.counts()).isEqualTo(truth(newest));
    }
    assertThat(newest.keySet()).containsExactlyInAnyOrderElementsOf(agents);
    newest.forEach((agent, second) -> assertThat(second).isEqualTo(agent.seconds()));
    assertThat(leader.signals.refusedReports()).isZero();
  }

  private static boolean last(Arrival a) {
    return a.second() == a.agent().seconds();
  }

  private static Counts truth(Map<FakeAgent, Integer> newest) {
    return newest.entrySet().stream()
        .map(e -> e.getKey().counts(e.getValue()))
        .reduce(Counts.NONE, Counts::plus);
  }

  /** Who has the signals now. */
  private record Leader(PoolSignals signals, CountRing done) {
    Leader(PoolSignals signals) {
      this(signals, signals.events(FakeAgent.DONE, Duration.ofSeconds(1), 4000));
    }

    void hears(Arrival a, Map<FakeAgent, Integer> newest) {
      signals.fold(a.agent().report(a.second()), a.at());
      newest.merge(a.agent(), a.second(), Math::max);
    }

    Counts counts() {
      return done.between(-2000, 2000);
    }
  }

  /** What is kept and taken up again at any moments is what it would be without. */
  @Property(tries = 100)
  void whatIsKeptIsAllThatThereWas(
      @ForAll @IntRange(min = 1, max = 5) int count, @ForAll long seed) {
    var random = new Random(seed);
    List<Arrival> arrivals = new ArrayList<>();
    agents(count, random).forEach(a -> arrivals.addAll(sent(a, random.nextInt(2000), random)));
    arrivals.sort(Comparator.comparingLong(Arrival::at));
    var one = new Leader(new PoolSignals());
    var many = new Leader(new PoolSignals());
    for (Arrival a : arrivals) {
      if (random.nextInt(30) == 0) {
        many = new Leader(PoolSignals.restore(many.signals.save()));
      }
      one.hears(a, new HashMap<>());
      many.hears(a, new HashMap<>());
    }
    assertThat(many.signals.save()).isEqualTo(one.signals.save());
  }

  /**
   * An oracle knows every event of the last five minutes. Whatever is lost, doubled, overtaken or
   * late: where so much is heard that a verdict may rest on it, the share that is seen is above the
   * true one by no more than if all that is not told second by second were good, and what lies at
   * the window's edges.
   */
  @Property(tries = 60)
  void aWindowNeverLooksBetterThanItIs(
      @ForAll @IntRange(min = 1, max = 12) int count, @ForAll long seed) {
    var random = new Random(seed);
    List<Lived> agents = new ArrayList<>();
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var lived = new Lived(new FakeAgent("agent-" + i, "p" + i), new BitSet());
      lived.phases(random);
      agents.add(lived);
      arrivals.addAll(disturbed(lived.agent(), random));
    }
    arrivals.sort(Comparator.comparingLong(Arrival::at));
    Map<String, Long> due = new HashMap<>();
    agents.forEach(lived -> due.put(lived.agent().agent, 0L));
    var signals = new PoolSignals();
    CountRing ring = signals.events(FakeAgent.DONE, Duration.ofSeconds(10), 100);
    int next = 0;
    for (int second = 1; second <= Lived.SECONDS; second++) {
      long now = second * 1000L;
      signals.expect(due, now);
      for (; next < arrivals.size() && arrivals.get(next).at() <= now; next++) {
        Arrival a = arrivals.get(next);
        signals.fold(a.agent().report(a.second()), a.at());
        agents.stream().filter(l -> l.agent() == a.agent()).forEach(l -> l.told(a.second()));
      }
      if (second > Lived.WINDOW + Series.MOST_SECONDS && second % 7 == 0) {
        Counts seen = ring.within(now, Duration.ofSeconds(Lived.WINDOW));
        double coverage =
            signals.coverage(now - Series.MOST_SECONDS * 1000L, Duration.ofSeconds(Lived.WINDOW));
        if (coverage >= 0.8 && seen.total() > 0) {
          int from = second - Lived.WINDOW;
          int to = second;
          Counts truth =
              agents.stream().map(l -> l.within(from, to)).reduce(Counts.NONE, Counts::plus);
          long untold = agents.stream().mapToLong(l -> l.untold(from, to)).sum();
          double most = (truth.good() + untold + (double) Lived.EDGE * count) / truth.total();
          assertThat(seen.share())
              .as("second %d, coverage %.3f, true share %.3f", second, coverage, truth.share())
              .isLessThanOrEqualTo(most);
        }
      }
    }
  }

  /** One event a second, good or bad for minutes on end; and which seconds were told of. */
  private record Lived(FakeAgent agent, BitSet told) {
    static final int SECONDS = 1500;
    static final int WINDOW = 300;

    /** Reports are late by up to five seconds, slots are ten long, and a window ends within one. */
    static final int EDGE = 16;

    void phases(Random random) {
      boolean good = random.nextBoolean();
      for (int second = 0; second < SECONDS; second++) {
        good ^= random.nextInt(200) == 0;
        agent.second(good ? 1 : 0, 1);
      }
    }

    void told(int second) {
      int newest = told.length() - 1;
      if (second > newest) {
        told.set(Math.max(newest, second - Series.MOST_SECONDS) + 1, second + 1);
      }
    }

    Counts within(int from, int to) {
      Counts before = agent.counts(from);
      Counts all = agent.counts(to);
      return new Counts(all.good() - before.good(), all.total() - before.total());
    }

    long untold(int from, int to) {
      return (long) to - from - told.get(from + 1, to + 1).cardinality();
    }
  }

  /** Lost, doubled, up to five seconds late, and now and then away for minutes. */
  private static List<Arrival> disturbed(FakeAgent agent, Random random) {
    List<Arrival> arrivals = new ArrayList<>();
    int away = 0;
    for (int second = 1; second <= agent.seconds(); second++) {
      if (random.nextInt(500) == 0) {
        away = second + random.nextInt(random.nextBoolean() ? 60 : 700);
      }
      boolean lost = second > 1 && (second < away || random.nextInt(4) == 0);
      for (int copy = random.nextInt(5) == 0 ? 2 : 1; copy > 0 && !lost; copy--) {
        arrivals.add(new Arrival(agent, second, second * 1000L + random.nextInt(5000)));
      }
    }
    return arrivals;
  }
}

package dev.strata.bench.gate;

import dev.strata.core.gate.Objective;
import dev.strata.core.signal.AgentReport;
import dev.strata.core.signal.CountRing;
import dev.strata.core.signal.Counts;
import dev.strata.core.signal.PoolSignals;
import dev.strata.core.signal.SavedSignals;
import dev.strata.core.signal.Series;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Agents one by one, each of which reports each second what it counted, and an operator that takes
 * it in as the real one does. Some agents are sick, and fall silent for a while now and then; what
 * they count then is told when they speak again, for as long as reports reach back. The operator
 * may be replaced each hour: what it kept is up to 15 s old, and what came later is told again.
 */
final class Fleet implements Seen {
  private static final String KEY = "done";
  private static final int KEEP_SECONDS = 15;
  private static final int HOUR = 3600;

  /** A new operator speaks after 5 to 40 s. */
  private static final int LEAST_AWAY = 5;

  private static final int MOST_AWAY = 40;

  /** What is not heard yet may still be told, for as long as reports reach back. */
  private static final long RETOLD_MILLIS = Series.MOST_SECONDS * 1000L;

  private final Objective objective;
  private final Sickness sickness;
  private final Restarts restarts;
  private final List<Agent> agents = new ArrayList<>();
  private final Map<String, Long> due = new HashMap<>();
  private PoolSignals signals = new PoolSignals();
  private CountRing ring;
  private @Nullable SavedSignals kept;
  private long goes = Long.MAX_VALUE;
  private long comes = Long.MAX_VALUE;

  /**
   * Agents that do badly, and fall silent.
   *
   * @param agents how many of them do
   * @param share how many of their events are good
   * @param silentSeconds for how long they are silent, in the mean
   * @param spokenSeconds for how long they are not, in the mean
   */
  record Sickness(int agents, double share, double silentSeconds, double spokenSeconds) {
    static final Sickness NONE = new Sickness(0, 1, 1, 1);
  }

  /** Whether the operator is replaced each hour, and what its successor has. */
  enum Restarts {
    NEVER,
    KEPT,
    LOST
  }

  /**
   * Healthy agents with some sick ones.
   *
   * @param perWindow events of all of them in a window, in the mean
   * @param share how many events of a healthy one are good
   */
  Fleet(
      Objective objective,
      int perWindow,
      int size,
      double share,
      Sickness sickness,
      Restarts restarts) {
    this.objective = objective;
    this.sickness = sickness;
    this.restarts = restarts;
    this.ring = keep();
    double each = (double) perWindow / size;
    for (int i = 0; i < size; i++) {
      boolean sick = i < sickness.agents();
      due.put(Agent.name(i), 0L);
      agents.add(new Agent(i, Traffic.steady(each, sick ? sickness.share() : share), sick));
    }
  }

  private CountRing keep() {
    Duration slot = Seen.slot(objective);
    return signals.events(KEY, slot, Seen.size(objective, slot));
  }

  @Override
  public Moment at(long second, long millis, SplittableRandom random) {
    agents.forEach(agent -> agent.counts(second, random));
    Operator operator = operator(second, random);
    if (operator != Operator.IDLE) {
      agents.forEach(agent -> agent.tells(millis));
      signals.expect(due, millis);
    }
    if (operator == Operator.KEEPS) {
      kept = signals.save();
    }
    Counts window = ring.within(millis, objective.window().span());
    double heard = signals.coverage(millis - RETOLD_MILLIS, objective.window().span());
    return new Moment(ring, window, ring.events(), heard, operator, millis);
  }

  /** Once each hour, at any second of it. */
  private Operator operator(long second, SplittableRandom random) {
    if (restarts == Restarts.NEVER) {
      return Operator.JUDGES;
    }
    if (second % HOUR == 0) {
      goes = second + KEEP_SECONDS + random.nextInt(HOUR - KEEP_SECONDS - MOST_AWAY);
      comes = goes + LEAST_AWAY + random.nextInt(MOST_AWAY - LEAST_AWAY);
    }
    if (second >= goes && second < comes) {
      return Operator.IDLE;
    }
    if (second == comes) {
      return comes();
    }
    boolean keeps = restarts == Restarts.KEPT && second % KEEP_SECONDS == 0;
    return keeps ? Operator.KEEPS : Operator.JUDGES;
  }

  private Operator comes() {
    SavedSignals last = restarts == Restarts.KEPT ? kept : null;
    signals = last == null ? new PoolSignals() : PoolSignals.restore(last);
    ring = keep();
    agents.forEach(Agent::forgotten);
    return last == null ? Operator.ANEW : Operator.RESTORED;
  }

  /** One process, for as long as the world lasts. */
  private final class Agent {
    private final String name;
    private final Traffic traffic;
    private final boolean sick;
    private final long[] goods = new long[Series.MOST_SECONDS];
    private final long[] alls = new long[Series.MOST_SECONDS];
    private long good;
    private long all;
    private long now;
    private long told;
    private boolean silent;
    private double turns = Double.NaN;

    Agent(int number, Traffic traffic, boolean sick) {
      this.name = name(number);
      this.traffic = traffic;
      this.sick = sick;
    }

    static String name(int number) {
      return "agent-" + number;
    }

    void counts(long second, SplittableRandom random) {
      Counts counts = traffic.at(second, random);
      int at = (int) (now % Series.MOST_SECONDS);
      goods[at] = counts.good();
      alls[at] = counts.total();
      good += counts.good();
      all += counts.total();
      now++;
      if (sick) {
        turn(second, random);
      }
    }

    private void turn(long second, SplittableRandom random) {
      if (Double.isNaN(turns) || second >= turns) {
        silent = !Double.isNaN(turns) && !silent;
        double mean = silent ? sickness.silentSeconds() : sickness.spokenSeconds();
        turns = second - mean * Math.log(1 - random.nextDouble());
      }
    }

    /**
     * A new operator has heard less; each report tells a minute, and here what may be new of it.
     */
    void forgotten() {
      told = 0;
    }

    void tells(long millis) {
      if (silent) {
        return;
      }
      int seconds = (int) Math.min(Series.MOST_SECONDS, now - told);
      Long[] first = new Long[seconds];
      Long[] second = new Long[seconds];
      for (int i = 0; i < seconds; i++) {
        int at = (int) ((now - seconds + i) % Series.MOST_SECONDS);
        first[i] = goods[at];
        second[i] = alls[at];
      }
      var series = new Series(good, all, List.of(first), List.of(second));
      signals.fold(
          new AgentReport(
              name, name, now, Map.of(KEY, series), Map.of(), Map.of(), Map.of(), Map.of(), false),
          millis);
      told = now;
    }
  }
}

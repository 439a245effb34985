package dev.strata.core.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A process that counts, and reports what it counted as an agent does. */
final class FakeAgent {
  static final String DONE = "done";
  static final String BUSY = "busy";
  static final String MEMORY = "memory";

  final String agent;
  final String incarnation;
  final List<Long> good = new ArrayList<>();
  final List<Long> total = new ArrayList<>();
  private long open;

  FakeAgent(String agent, String incarnation) {
    this.agent = agent;
    this.incarnation = incarnation;
  }

  /** Lives for so many seconds, with up to ten events in each. */
  FakeAgent lives(int seconds, Random random) {
    for (int i = 0; i < seconds; i++) {
      int all = random.nextInt(11);
      second(random.nextInt(all + 1), all);
    }
    return this;
  }

  FakeAgent second(long goods, long all) {
    good.add(goods);
    total.add(all);
    return this;
  }

  FakeAgent open(long count) {
    open = count;
    return this;
  }

  int seconds() {
    return total.size();
  }

  Counts counts(int seconds) {
    return new Counts(sum(good, seconds), sum(total, seconds));
  }

  private static long sum(List<Long> values, int count) {
    return values.subList(0, count).stream().mapToLong(Long::longValue).sum();
  }

  AgentReport report() {
    return report(seconds());
  }

  /** The report at the end of a second. */
  AgentReport report(int second) {
    Series series = series(second);
    return new AgentReport(
        agent,
        incarnation,
        second,
        Map.of(DONE, series),
        Map.of(DONE, open),
        Map.of(BUSY, series),
        Map.of(MEMORY, gauge(second)),
        Map.of(),
        false);
  }

  /** The same report with other events. */
  static AgentReport with(AgentReport r, Series events) {
    return new AgentReport(
        r.agent(),
        r.incarnation(),
        r.second(),
        Map.of(DONE, events),
        r.open(),
        r.sums(),
        r.gauges(),
        r.durations(),
        r.last());
  }

  static AgentReport withGauge(AgentReport r, List<Double> values) {
    return new AgentReport(
        r.agent(),
        r.incarnation(),
        r.second(),
        r.events(),
        r.open(),
        r.sums(),
        Map.of(MEMORY, values),
        r.durations(),
        r.last());
  }

  Series series(int second) {
    int from = Math.max(0, second - Series.MOST_SECONDS);
    Counts all = counts(second);
    return new Series(
        all.good(), all.total(), good.subList(from, second), total.subList(from, second));
  }

  private List<Double> gauge(int second) {
    return total.subList(Math.max(0, second - Series.MOST_SECONDS), second).stream()
        .map(Long::doubleValue)
        .toList();
  }
}

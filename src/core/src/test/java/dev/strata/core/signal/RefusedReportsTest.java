package dev.strata.core.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What cannot be true is refused, counted, and nothing of it is folded. */
class RefusedReportsTest {
  private static final int LIVED = 100;

  private final FakeAgent agent = new FakeAgent("agent-0", "p0").lives(LIVED + 10, new Random(1));
  private final Listener listener = new Listener();

  private void refuses(UnaryOperator<AgentReport> lie, String why) {
    for (int second = 1; second <= LIVED; second++) {
      listener.signals.fold(agent.report(second), second * 1000L);
    }
    String before = listener.content();
    Folding folding =
        listener.signals.fold(lie.apply(agent.report(LIVED + 1)), (LIVED + 1) * 1000L);
    assertThat(folding.refused()).isTrue();
    assertThat(folding.why()).contains(why);
    assertThat(listener.signals.refusedReports()).isEqualTo(1);
    assertThat(listener.content()).isEqualTo(before);
    listener.signals.fold(agent.report(), agent.seconds() * 1000L);
    assertThat(listener.counts()).as("the truth is taken").isEqualTo(agent.counts(agent.seconds()));
  }

  private static Series told(long good, long total) {
    return new Series(good, total, List.of(), List.of());
  }

  @Property(tries = 50)
  void aCounterThatFalls(@ForAll @IntRange(min = 1, max = 50) int less) {
    Counts was = agent.counts(LIVED);
    new RefusedReportsTest()
        .refuses(r -> FakeAgent.with(r, told(was.good() - less, was.total())), "it was");
    new RefusedReportsTest()
        .refuses(r -> FakeAgent.with(r, told(was.good() - less, was.total() - less)), "it was");
  }

  @Test
  void moreGoodThanThereAre() {
    Counts was = agent.counts(LIVED);
    refuses(r -> FakeAgent.with(r, told(was.good() + 5, was.total() + 4)), "it was");
  }

  @Test
  void aSecondWithMoreGoodThanThereAre() {
    Counts was = agent.counts(LIVED);
    refuses(
        r ->
            FakeAgent.with(
                r, new Series(was.good() + 2, was.total() + 2, List.of(2L), List.of(1L))),
        "a second has 2 good of 1");
  }

  @Test
  void secondsThatAreMoreThanTheTotal() {
    refuses(
        r -> FakeAgent.with(r, new Series(1, 1, List.of(2L), List.of(2L))),
        "its seconds add up to more than its totals");
  }

  @Test
  void moreInASecondThanCanBe() {
    long many = AgentReport.MOST_A_SECOND + 1;
    Counts was = agent.counts(LIVED);
    refuses(
        r ->
            FakeAgent.with(
                r, new Series(was.good() + many, was.total() + many, List.of(many), List.of(many))),
        "more than one process can have");
  }

  @Test
  void moreBetweenTwoReportsThanCanBe() {
    long many = 3 * AgentReport.MOST_A_SECOND;
    Counts was = agent.counts(LIVED);
    refuses(r -> FakeAgent.with(r, told(was.good() + many, was.total() + many)), "it was");
  }

  @Test
  void sumsThatOverflow() {
    refuses(
        r ->
            new AgentReport(
                r.agent(),
                r.incarnation(),
                r.second(),
                r.events(),
                r.open(),
                Map.of(
                    FakeAgent.BUSY,
                    new Series(
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        List.of(Long.MAX_VALUE, Long.MAX_VALUE),
                        List.of(1L, 1L))),
                r.gauges(),
                Map.of(),
                false),
        "more than one process can have");
  }

  @Test
  void moreSecondsThanAReportTellsOf() {
    List<Long> none = Collections.nCopies(Series.MOST_SECONDS + 1, 0L);
    Counts was = agent.counts(LIVED);
    refuses(r -> FakeAgent.with(r, new Series(was.good(), was.total(), none, none)), "61 seconds");
  }

  @Test
  void aProcessThatChangesItsAgent() {
    refuses(
        r ->
            new AgentReport(
                "agent-1",
                r.incarnation(),
                r.second(),
                r.events(),
                r.open(),
                r.sums(),
                r.gauges(),
                Map.of(),
                false),
        "was agent-0 and says that it is agent-1");
  }

  @Test
  void aSecondFromTheFuture() {
    refuses(r -> at(r, LIVED + 1 + Series.MOST_SECONDS + 1), "which is not before");
  }

  @Test
  void aProcessOlderThanAnyCanBe() {
    assertThat(listener.signals.fold(at(agent.report(), Long.MAX_VALUE - 60), 1000).why())
        .contains("its second is");
  }

  @Test
  void anImpossibleNumberOfOpenEvents() {
    for (long open : new long[] {-1, AgentReport.MOST_A_SECOND + 1}) {
      new RefusedReportsTest()
          .refuses(
              r ->
                  new AgentReport(
                      r.agent(),
                      r.incarnation(),
                      r.second(),
                      r.events(),
                      Map.of(FakeAgent.DONE, open),
                      r.sums(),
                      r.gauges(),
                      Map.of(),
                      false),
              "open events");
    }
  }

  @Test
  void gaugesThatAreNoValues() {
    for (double value : new double[] {Double.NaN, -1, Double.POSITIVE_INFINITY}) {
      List<Double> values = new ArrayList<>(List.of(1.0, value));
      new RefusedReportsTest()
          .refuses(r -> FakeAgent.withGauge(r, values), "what is no measured value");
    }
  }

  @Test
  void whatAProcessTellsOfTheTimeAfterItsEnd() {
    for (int second = 1; second <= LIVED; second++) {
      listener.signals.fold(agent.report(second), second * 1000L);
    }
    var successor = new FakeAgent("agent-0", "p1").second(1, 1);
    listener.signals.fold(successor.report(), (LIVED + 2) * 1000L);
    Counts before = listener.counts();
    assertThat(listener.signals.fold(agent.report(), (LIVED + 200) * 1000L).refused())
        .as("thawed when its successor was at work")
        .isTrue();
    assertThat(listener.counts()).isEqualTo(before);
    assertThat(listener.signals.fold(agent.report(LIVED + 1), (LIVED + 3) * 1000L).refused())
        .as("its last report, overtaken by its successor's first")
        .isFalse();
    assertThat(listener.counts()).isEqualTo(agent.counts(LIVED + 1).plus(successor.counts(1)));
  }

  @Test
  void whatAProcessHadBegunTurnsBadOnce() {
    listener.signals.fold(agent.open(7).report(1), 1000);
    listener.signals.ended("p0", 2000);
    listener.signals.ended("p0", 3000);
    Counts first = agent.counts(1);
    assertThat(listener.counts()).isEqualTo(new Counts(first.good(), first.total() + 7));
  }

  @Test
  void aCounterThatComesLaterBeganAtZero() {
    AgentReport full = agent.report(1);
    listener.signals.fold(
        new AgentReport(
            "agent-0", "p0", 1, Map.of(), Map.of(), full.sums(), full.gauges(), Map.of(), false),
        1000);
    var late = new FakeAgent("agent-0", "p0").second(0, 0);
    for (int i = 0; i < 99; i++) {
      late.second(1, 2);
    }
    listener.signals.fold(late.report(), 100_000);
    assertThat(listener.counts()).as("a gap of over a minute").isEqualTo(new Counts(99, 198));
  }

  private static AgentReport at(AgentReport r, long second) {
    return new AgentReport(
        r.agent(),
        r.incarnation(),
        second,
        r.events(),
        r.open(),
        r.sums(),
        r.gauges(),
        r.durations(),
        r.last());
  }
}

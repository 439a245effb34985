package dev.strata.core.signal;

import java.time.Duration;
import java.util.Map;

/**
 * How much of what agents should have told was heard, second by second. An agent counts from when
 * it is due: what others tell of a time at which nothing was expected of them hides nobody's
 * silence.
 */
final class Presence {
  private static final Duration SPAN = Duration.ofDays(1);
  private static final Duration SLOT = Duration.ofSeconds(10);
  private static final long SECOND = 1000;

  /** Of less than this, or of a shorter window, no share is told. */
  private static final Duration YOUNG = Duration.ofMinutes(1);

  private final CountRing heard;
  private final CountRing expected;
  private Map<String, Long> due = Map.of();

  /** Until when it is known who was expected; 0: nobody was yet. */
  private long until;

  Presence() {
    this.heard = ring();
    this.expected = ring();
  }

  /** Goes on where another operator was. */
  Presence(SavedRing heard, SavedRing expected, long until) {
    this.heard = CountRing.restore(heard);
    this.expected = CountRing.restore(expected);
    this.until = until;
  }

  private static CountRing ring() {
    return new CountRing(SLOT, (int) (SPAN.toMillis() / SLOT.toMillis()) + 1);
  }

  /**
   * Notes who should be heard. The seconds since this was said last count too, so that a time
   * without an operator is a gap and not a time in which nothing was expected.
   *
   * @param agents since when each is due
   */
  void expect(Map<String, Long> agents, long nowMillis) {
    due = Map.copyOf(agents);
    long from = until == 0 ? nowMillis : Math.max(until + SECOND, nowMillis - SPAN.toMillis());
    for (long at = from; at <= nowMillis; at += SECOND) {
      long second = at;
      long count = due.values().stream().filter(since -> since <= second).count();
      expected.add(at, count, count);
      until = at;
    }
  }

  /** An agent has told of a second. */
  void heard(String agent, long atMillis) {
    Long since = due.get(agent);
    if (since != null && since <= atMillis) {
      heard.add(atMillis, 1, 1);
    }
  }

  /**
   * The share of agent-seconds in a window that were heard of; NaN when none were expected, or for
   * less than the window or a minute. More than was expected of one slot does not make up for
   * another.
   */
  double coverage(long nowMillis, Duration span) {
    long last = expected.slotAt(nowMillis);
    long wanted = 0;
    long came = 0;
    long known = 0;
    for (long slot = last - expected.slotsOf(span) + 1; slot <= last; slot++) {
      long all = expected.total(slot);
      wanted += all;
      known += all > 0 ? 1 : 0;
      came += Math.min(all, heard.total(slot));
    }
    // The first seconds of a pool are the ones in which its agents are slow to speak.
    Duration least = span.compareTo(YOUNG) < 0 ? span : YOUNG;
    boolean young = known < expected.slotsOf(least);
    return young ? Double.NaN : (double) came / wanted;
  }

  SavedRing savedHeard() {
    return heard.save();
  }

  SavedRing savedExpected() {
    return expected.save();
  }

  long until() {
    return until;
  }
}

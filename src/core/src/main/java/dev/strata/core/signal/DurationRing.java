package dev.strata.core.signal;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.IntCountsHistogram;

/**
 * Durations of all agents over the last minutes, merged as they come: percentiles are of the whole
 * and never means of percentiles. For display only, so a restart begins anew.
 */
public final class DurationRing {
  private static final Duration SLOT = Duration.ofMinutes(1);
  private static final int SLOTS = 16;

  /** Of so many a minute the next ones change no percentile, and its counters could overflow. */
  private static final long MOST = 1_000_000_000;

  /** Within half a percent, as the middle of what is taken for the same is shown. */
  private static final int DIGITS = 2;

  private final List<Slot> slots = new ArrayList<>();

  private record Slot(long number, IntCountsHistogram histogram) {}

  /**
   * What so many of the events stayed within.
   *
   * @param count events that are known
   */
  public record Percentiles(
      Duration median, Duration ninetyFifth, Duration ninetyNinth, long count) {}

  /**
   * Adds events that ended at about that moment; what is older than all that is kept is left out.
   */
  public void add(long atMillis, Durations durations) {
    IntCountsHistogram histogram = slot(atMillis / SLOT.toMillis());
    if (histogram.getTotalCount() > MOST) {
      return;
    }
    for (int i = 0; i < durations.micros().size(); i++) {
      histogram.recordValueWithCount(durations.micros().get(i), durations.counts().get(i));
    }
  }

  private IntCountsHistogram slot(long number) {
    for (Slot slot : slots) {
      if (slot.number() == number) {
        return slot.histogram();
      }
    }
    var fresh = new Slot(number, new IntCountsHistogram(Durations.MOST_MICROS, DIGITS));
    slots.add(fresh);
    slots.removeIf(slot -> slot.number() <= number - SLOTS);
    return fresh.histogram();
  }

  /** Of the events within a span, to the minute; zeros where there were none. */
  public Percentiles percentiles(long nowMillis, Duration span) {
    long last = nowMillis / SLOT.toMillis();
    long first = (nowMillis - span.toMillis()) / SLOT.toMillis();
    var all = new Histogram(Durations.MOST_MICROS, DIGITS);
    slots.stream()
        .filter(slot -> slot.number() >= first && slot.number() <= last)
        .forEach(slot -> all.add(slot.histogram()));
    return new Percentiles(of(all, 50), of(all, 95), of(all, 99), all.getTotalCount());
  }

  private static Duration of(Histogram all, double percent) {
    long edge = all.getValueAtPercentile(percent);
    return Duration.of(edge == 0 ? 0 : all.medianEquivalentValue(edge), ChronoUnit.MICROS);
  }
}

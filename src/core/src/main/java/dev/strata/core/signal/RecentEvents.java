package dev.strata.core.signal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The latest events, second by second: as many seconds as hold so many events, however long ago
 * they were. For targets that are judged by the last two hundred and not by the last five minutes.
 * Adding is order-free: what is older than the latest events never matters again.
 */
public final class RecentEvents {
  private static final long SECOND = 1000;

  private final long most;
  private final TreeMap<Long, Counts> seconds = new TreeMap<>();
  private long kept;
  private long events;

  /**
   * @param most how many events are kept at least, at least 1; whole seconds are kept
   */
  public RecentEvents(long most) {
    if (most < 1) {
      throw new IllegalArgumentException("the last " + most + " events are none");
    }
    this.most = most;
  }

  /**
   * The smallest suffix that was asked for.
   *
   * @param span from its first second to now; zero where there is nothing
   */
  public record Suffix(Counts counts, Duration span) {}

  /** Adds events. */
  public void add(long atMillis, long moreGood, long moreTotal) {
    var more = new Counts(moreGood, moreTotal);
    if (moreTotal == 0) {
      return;
    }
    events += moreTotal;
    kept += moreTotal;
    seconds.merge(Math.floorDiv(atMillis, SECOND), more, Counts::plus);
    while (kept - seconds.firstEntry().getValue().total() >= most) {
      kept -= seconds.pollFirstEntry().getValue().total();
    }
  }

  /** The latest events: as few seconds as hold so many of them, and none before the span. */
  public Suffix last(long nowMillis, Duration span, long wanted) {
    long oldest = Math.floorDiv(nowMillis - span.toMillis(), SECOND);
    var counts = Counts.NONE;
    long first = Long.MAX_VALUE;
    for (Map.Entry<Long, Counts> second : seconds.descendingMap().entrySet()) {
      if (counts.total() >= wanted || second.getKey() < oldest) {
        break;
      }
      counts = counts.plus(second.getValue());
      first = second.getKey();
    }
    return new Suffix(
        counts,
        counts.total() == 0
            ? Duration.ZERO
            : Duration.ofMillis(Math.max(0, nowMillis - first * SECOND)));
  }

  /** Events ever added: it grows with each. */
  public long events() {
    return events;
  }

  /** How many events it keeps at least. */
  long most() {
    return most;
  }

  /** As it can be kept. */
  SavedRing save() {
    List<Long> goods = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    seconds
        .values()
        .forEach(
            counts -> {
              goods.add(counts.good());
              totals.add(counts.total());
            });
    return new SavedRing(
        SECOND, (int) most, events, new ArrayList<>(seconds.keySet()), goods, totals);
  }

  /** What was kept. */
  static RecentEvents restore(SavedRing saved) {
    var recent = new RecentEvents(saved.size());
    for (int i = 0; i < saved.slots().size(); i++) {
      recent.add(saved.slots().get(i) * SECOND, saved.as().get(i), saved.bs().get(i));
    }
    recent.events = saved.mark();
    return recent;
  }
}

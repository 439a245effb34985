package dev.strata.core.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The last so many events. */
class RecentEventsTest {
  private static final Duration WEEK = Duration.ofDays(7);

  private final RecentEvents recent = new RecentEvents(200);

  @Test
  void nothingIsNothing() {
    assertThat(recent.last(1_000_000, WEEK, 200))
        .isEqualTo(new RecentEvents.Suffix(Counts.NONE, Duration.ZERO));
  }

  @Test
  void asFewSecondsAsHoldThem() {
    for (int second = 0; second < 1000; second++) {
      recent.add(second * 1000L, second % 10 == 0 ? 2 : 3, 3);
    }
    RecentEvents.Suffix suffix = recent.last(1_000_000, WEEK, 200);
    assertThat(suffix.counts().total()).as("67 seconds").isEqualTo(201);
    assertThat(suffix.span()).isEqualTo(Duration.ofSeconds(67));
    assertThat(recent.last(1_000_000, WEEK, 59).counts().total()).isEqualTo(60);
    assertThat(recent.events()).isEqualTo(3000);
  }

  @Test
  void ofTwoHundredSlicesWithinAWeekFiftyNineAreFiftyNine() {
    var slices = new RecentEvents(59);
    for (int second = 0; second < 600; second++) {
      slices.add(second * 1000L, 1, 1);
    }
    assertThat(slices.last(600_000, WEEK, 59).counts()).isEqualTo(new Counts(59, 59));
  }

  @Test
  void whatIsOlderThanTheSpanIsLeftOut() {
    recent.add(0, 1, 1);
    recent.add(WEEK.toMillis(), 0, 1);
    assertThat(recent.last(WEEK.toMillis() + 2000, WEEK, 200).counts()).isEqualTo(new Counts(0, 1));
  }

  @Property(tries = 100)
  void theOrderDoesNotMatterAndWhatIsKeptIsTheSame(@ForAll long seed) {
    var random = new Random(seed);
    List<long[]> events = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      long total = random.nextInt(4);
      events.add(new long[] {random.nextInt(2000) * 1000L, random.nextLong(total + 1), total});
    }
    RecentEvents one = of(events);
    Collections.shuffle(events, random);
    RecentEvents other = of(events);
    assertThat(other.last(2_000_000, WEEK, 200)).isEqualTo(one.last(2_000_000, WEEK, 200));
    assertThat(RecentEvents.restore(one.save()).last(2_000_000, WEEK, 200))
        .isEqualTo(one.last(2_000_000, WEEK, 200));
    assertThat(RecentEvents.restore(one.save()).events()).isEqualTo(one.events());
  }

  private static RecentEvents of(List<long[]> events) {
    var made = new RecentEvents(200);
    events.forEach(e -> made.add(e[0], e[1], e[2]));
    return made;
  }
}

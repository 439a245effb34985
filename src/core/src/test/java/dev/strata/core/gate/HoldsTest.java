package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.core.signal.CountRing;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** How long something is held: from the first violation until it is met, and never for longer. */
class HoldsTest {
  private static final Duration MOST = Duration.ofMinutes(30);
  private static final HoldRule RULE =
      new HoldRule(HoldRule.Kind.HoldScaleDown, List.of(), MOST, 0);
  private static final Objective RESPONSE =
      new Objective(
          "response-time",
          Layer.Application,
          true,
          new Rule.Share(0.95),
          Window.of(Duration.ofMinutes(5)),
          59,
          1);

  private final CountRing ring = new CountRing(Duration.ofSeconds(10), 800);
  private Standing standing = Standing.begin(Cause.Warming, 0);
  private long now;

  /** So many events a second, of which one in so many is bad, for so long. */
  private void traffic(int perSecond, int oneBadIn, Duration time) {
    for (long end = now + time.toMillis(); now < end; now += 1000) {
      for (int i = 0; i < perSecond; i++) {
        long n = ring.events() + 1;
        ring.add(now, oneBadIn > 0 && n % oneBadIn == 0 ? 0 : 1, 1);
      }
      standing =
          Judge.next(
              RESPONSE, standing, ShareEstimator.estimate(ring, 0.95, RESPONSE.window(), now), now);
    }
  }

  private List<Holds.Held> held() {
    Row row = new Row(RESPONSE, standing, Evidence.lacking(Cause.Warming));
    return Holds.of(List.of(row), List.of(RULE), now);
  }

  private long violated() {
    traffic(2, 2, Duration.ofMinutes(2));
    assertThat(standing.verdict()).isEqualTo(Verdict.Violated);
    assertThat(held()).hasSize(1);
    return held().getFirst().sinceMillis();
  }

  @Test
  void aGapInTheTrafficBeginsNothingAnew() {
    long since = violated();
    traffic(0, 0, Duration.ofMinutes(6));
    assertThat(standing.verdict()).isEqualTo(Verdict.Unknown);
    traffic(2, 2, Duration.ofMinutes(3));
    assertThat(standing.verdict()).isEqualTo(Verdict.Violated);
    assertThat(standing.sinceMillis()).isGreaterThan(since);
    assertThat(held()).extracting(Holds.Held::sinceMillis).containsExactly(since);
    traffic(2, 2, MOST.minusMinutes(8));
    assertThat(held()).as("its time is over").isEmpty();
    traffic(0, 0, Duration.ofMinutes(6));
    assertThat(held()).isEmpty();
    traffic(2, 2, Duration.ofMinutes(3));
    assertThat(held()).as("one violation is held for once").isEmpty();
  }

  @Test
  void notSeeingIsNoRecovery() {
    long since = violated();
    traffic(0, 0, MOST.minusMinutes(3));
    assertThat(standing.verdict()).isEqualTo(Verdict.Unknown);
    assertThat(held())
        .as("long after what is remembered for the verdict")
        .extracting(Holds.Held::sinceMillis)
        .containsExactly(since);
    traffic(0, 0, Duration.ofMinutes(3));
    assertThat(held()).as("its time is over").isEmpty();
  }

  @Test
  void aViolationAfterRecoveryIsAnother() {
    long since = violated();
    traffic(2, 0, Duration.ofMinutes(12));
    assertThat(standing.verdict()).isEqualTo(Verdict.Met);
    assertThat(standing.violatedSinceMillis()).isNull();
    assertThat(violated()).isGreaterThan(since);
  }

  @Test
  void aLongTimeWithoutViolationTakesNothingAway() {
    traffic(2, 0, MOST.multipliedBy(3));
    assertThat(standing.verdict()).isEqualTo(Verdict.Met);
    long before = now;
    assertThat(violated()).isGreaterThanOrEqualTo(before);
    assertThat(standing.violatedSinceMillis()).isEqualTo(standing.sinceMillis());
  }

  /** Each number is a minute: 0 without traffic, 1 with good events, 2 with bad ones. */
  @Property(tries = 100)
  void nothingIsHeldForLongerThanItsRuleSays(
      @ForAll @Size(min = 20, max = 90) List<@IntRange(min = 0, max = 2) Integer> minutes) {
    // All tries share one instance of this class.
    new HoldsTest().heldForLongEnoughAtMost(minutes);
  }

  private void heldForLongEnoughAtMost(List<Integer> minutes) {
    long since = -1;
    for (int minute : minutes) {
      // By the second, as a violation may end and another begin within a minute.
      for (int second = 0; second < 60; second++) {
        traffic(minute == 0 ? 0 : 1, minute == 2 ? 2 : 0, Duration.ofSeconds(1));
        if (standing.verdict() == Verdict.Met) {
          since = -1;
        } else if (standing.verdict() == Verdict.Violated && since < 0) {
          since = now;
        }
        if (since < 0 || now - since >= MOST.toMillis()) {
          assertThat(held()).isEmpty();
        }
      }
    }
  }
}

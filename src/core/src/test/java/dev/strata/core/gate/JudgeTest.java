package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.core.signal.CountRing;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A target over a day of traffic, read as a story. */
class JudgeTest {
  private static final Objective RESPONSE =
      new Objective(
          "response-time",
          Layer.Application,
          true,
          new Rule.Share(0.95),
          Window.of(Duration.ofMinutes(5)),
          59,
          1);

  private final CountRing ring = new CountRing(Duration.ofSeconds(10), 400);
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

  @Test
  void withoutTrafficNothingIsKnown() {
    traffic(0, 0, Duration.ofMinutes(1));
    assertThat(standing.verdict()).isEqualTo(Verdict.Unknown);
    assertThat(standing.cause()).isEqualTo(Cause.NoDemand);
  }

  @Test
  void fiftyEightEventsAreNotEnoughAndFiftyNineAre() {
    traffic(1, 0, Duration.ofSeconds(58));
    assertThat(standing.cause()).isEqualTo(Cause.InsufficientSamples);
    traffic(1, 0, Duration.ofSeconds(12));
    assertThat(standing.verdict()).isEqualTo(Verdict.Met);
  }

  @Test
  void aFallIsSeenAndLeftOnlyAfterAFullWindow() {
    traffic(1, 0, Duration.ofMinutes(10));
    traffic(1, 2, Duration.ofSeconds(100));
    assertThat(standing.verdict()).isEqualTo(Verdict.Violated);
    traffic(1, 0, Duration.ofMinutes(5));
    assertThat(standing.verdict())
        .as("the bad ones have just left the window")
        .isEqualTo(Verdict.Violated);
    traffic(1, 0, Duration.ofMinutes(6));
    assertThat(standing.verdict()).isEqualTo(Verdict.Met);
  }

  @Test
  void whatIsNeitherKeepsTheVerdict() {
    traffic(1, 0, Duration.ofMinutes(10));
    traffic(1, 16, Duration.ofMinutes(10));
    assertThat(standing.verdict()).as("93.75 % of 300 proves nothing").isEqualTo(Verdict.Met);
  }

  @Test
  void aPauseBetweenTwoBadTimesIsNoRecovery() {
    traffic(1, 2, Duration.ofMinutes(3));
    assertThat(standing.verdict()).isEqualTo(Verdict.Violated);
    traffic(0, 0, Duration.ofMinutes(4));
    traffic(2, 0, Duration.ofSeconds(90));
    assertThat(standing.verdict()).isNotEqualTo(Verdict.Met);
  }

  @Test
  void whatCouldNotBeSeenIsWeighedAgainThoughNothingNewWasMeasured() {
    traffic(1, 0, Duration.ofMinutes(2));
    Evidence seen = ShareEstimator.estimate(ring, 0.95, RESPONSE.window(), now);
    standing = Judge.next(RESPONSE, standing, Evidence.lacking(Cause.Stale), now);
    assertThat(standing.cause()).isEqualTo(Cause.Stale);
    standing = Judge.next(RESPONSE, standing, seen, now + 20_000);
    assertThat(standing.verdict()).isEqualTo(Verdict.Met);
  }

  @Test
  void aChangedTargetIsNotJudgedByCountersThatHadNoTimeToFill() {
    standing = Standing.begin(Cause.ProfileChanged, 0);
    traffic(0, 0, Duration.ofSeconds(30));
    assertThat(standing.cause()).isEqualTo(Cause.ProfileChanged);
    traffic(1, 0, Duration.ofSeconds(30));
    assertThat(standing.cause()).isEqualTo(Cause.ProfileChanged);
    traffic(1, 0, Duration.ofSeconds(50));
    assertThat(standing.verdict()).isEqualTo(Verdict.Met);
  }

  @Test
  void ofAChangedTargetOfAnIdlePoolTheReasonIsToldInTheEnd() {
    standing = Standing.begin(Cause.ProfileChanged, 0);
    traffic(0, 0, Duration.ofMinutes(6));
    assertThat(standing.cause()).isEqualTo(Cause.NoDemand);
  }

  @Test
  void whatIsCertainWaitsForNoStep() {
    traffic(1, 0, Duration.ofMinutes(2));
    Evidence refuted = ShareEstimator.estimate(ring, 0.95, RESPONSE.window(), now).refuted(1, 59);
    standing = Judge.next(RESPONSE, standing, refuted, standing.steppedAtMillis() + 1);
    assertThat(standing.verdict()).isEqualTo(Verdict.Violated);
  }
}

package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.strata.core.signal.CountRing;
import dev.strata.core.signal.Counts;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How fast a budget burns, and when it is said. Counts are written "bad of all". */
class BurnRateTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMinutes(5);
  private static final Burn BURN = new Burn(0.95, 14.4, HOUR, SHORT);

  private static Counts counts(String text) {
    String[] parts = text.split(" of ", -1);
    long all = Long.parseLong(parts[1]);
    return new Counts(all - Long.parseLong(parts[0]), all);
  }

  private static BurnRate first(Burn burn, String overLong, String overShort) {
    return BurnRate.unseen(burn).next(counts(overLong), counts(overShort), 0);
  }

  @ParameterizedTest
  @CsvSource({
    // Exactly at the factor, in both windows.
    "72 of 100, 72 of 100, Violated",
    "720 of 1000, 18 of 25, Violated",
    "100 of 100, 100 of 100, Violated",
    // One of the two is not enough.
    "71 of 100, 100 of 100, Met",
    "100 of 100, 71 of 100, Met",
    "719 of 1000, 18 of 25, Met",
    "0 of 59, 0 of 0, Met",
    // 59 events show 95 %; five show that it goes on.
    "58 of 58, 58 of 58, Unknown",
    "59 of 59, 59 of 59, Violated",
    "0 of 58, 0 of 58, Unknown",
    "59 of 59, 4 of 4, Unknown",
    "59 of 59, 5 of 5, Violated",
    "59 of 59, 0 of 0, Unknown",
    "0 of 0, 0 of 0, Unknown"
  })
  void bothWindowsHaveToShowIt(String overLong, String overShort, Verdict expected) {
    assertThat(first(BURN, overLong, overShort).verdict()).isEqualTo(expected);
  }

  @Test
  void aRateIsTheBadShareOverTheBudget() {
    BurnRate rate = first(BURN, "5 of 100", "81 of 100");
    assertThat(rate.overLong()).isCloseTo(1, within(1e-9));
    assertThat(rate.overShort()).isCloseTo(16.2, within(1e-9));
    assertThat(first(BURN, "0 of 0", "0 of 0").overLong()).isNaN();
  }

  @ParameterizedTest
  @CsvSource({"0.8, 4, 14, 5", "0.95, 14.4, 59, 5", "0.95, 1.5, 59, 39", "0.995, 14.4, 598, 41"})
  void samplesFollowFromTheShareAndTheFactor(
      double share, double factor, long overLong, long overShort) {
    var burn = new Burn(share, factor, HOUR, SHORT);
    assertThat(burn.longSamples()).isEqualTo(overLong);
    assertThat(burn.shortSamples()).isEqualTo(overShort);
  }

  @ParameterizedTest
  @CsvSource({
    "0.95, 20, 300",
    "0.9, 10, 300",
    "0.999, 1000, 300",
    "0.95, 1, 300",
    "0.95, NaN, 300",
    "0.95, 14.4, 3600",
    "0.95, 14.4, 10"
  })
  void whatCouldNeverBurnIsNone(double share, double factor, long shortSeconds) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Burn(share, factor, HOUR, Duration.ofSeconds(shortSeconds)))
        .withMessageContaining("burn.")
        .withMessageContaining(factor > 1 ? "write less" : "write more");
  }

  @Test
  void aBurnEndsWhenItWasNotReachedForTheShortWindow() {
    Counts bad = counts("80 of 100");
    Counts good = counts("0 of 100");
    BurnRate rate = BurnRate.unseen(BURN).next(bad, bad, 0);
    long below = 10_000;
    rate = rate.next(bad, good, below);
    assertThat(rate.verdict()).isEqualTo(Verdict.Violated);
    rate = rate.next(bad, bad, below + 200_000);
    rate = rate.next(good, good, below + 300_000);
    assertThat(rate.verdict()).as("it was back in between").isEqualTo(Verdict.Violated);
    rate = rate.next(good, good, below + 599_999);
    assertThat(rate.verdict()).isEqualTo(Verdict.Violated);
    rate = rate.next(good, good, below + 600_000);
    assertThat(rate.verdict()).isEqualTo(Verdict.Met);
    assertThat(rate.next(bad, bad, below + 600_001).verdict()).isEqualTo(Verdict.Violated);
  }

  @Test
  void threeQuartersOfTheSamplesAreEnoughToStay() {
    BurnRate burning = first(BURN, "59 of 59", "5 of 5");
    assertThat(burning.next(counts("45 of 45"), counts("4 of 4"), 1).verdict())
        .isEqualTo(Verdict.Violated);
    assertThat(burning.next(counts("44 of 44"), counts("4 of 4"), 1).verdict())
        .isEqualTo(Verdict.Unknown);
    assertThat(burning.next(counts("45 of 45"), counts("3 of 3"), 1).verdict())
        .isEqualTo(Verdict.Unknown);
  }

  @Test
  void whatIsNotSeenIsNeitherHealthyNorABurn() {
    BurnRate unseen = BurnRate.unseen(BURN);
    assertThat(unseen.verdict()).isEqualTo(Verdict.Unknown);
    assertThat(unseen.overLong()).isNaN();
    assertThat(unseen.overShort()).isNaN();
  }

  /** Good traffic for 55 minutes, then nothing but bad: half of the hour has to be bad. */
  @Test
  void anHourOfTrafficInARing() {
    var burn = new Burn(0.95, 10, HOUR, SHORT);
    var ring = new CountRing(Burn.SLOT, burn.slots());
    BurnRate rate = BurnRate.unseen(burn);
    long began = -1;
    long bad = Duration.ofMinutes(55).toMillis();
    for (long now = 0; began < 0 && now < 3 * HOUR.toMillis(); now += 1000) {
      ring.add(now, now < bad ? 1 : 0, 1);
      rate = rate.next(ring.within(now, HOUR), ring.within(now, SHORT), now);
      began = rate.verdict() == Verdict.Violated ? now : -1;
    }
    assertThat(Duration.ofMillis(began - bad))
        .isBetween(HOUR.dividedBy(2).minusSeconds(20), HOUR.dividedBy(2).plusSeconds(20));
  }
}

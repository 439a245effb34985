package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.core.signal.CountRing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds of the judge for every history of evidence. */
class JudgePropertiesTest {
  private static final long MINUTE = 60_000;
  private static final Objective OBJECTIVE =
      new Objective(
          "response-time",
          Layer.Application,
          true,
          new Rule.Share(0.95),
          Window.of(Duration.ofMinutes(5)),
          59,
          1);

  private enum Kind {
    INSIDE,
    OUTSIDE,
    BEYOND,
    FEW,
    LACKING
  }

  private record Weighed(long at, boolean inside) {}

  /** A judge at work, and what it was shown. */
  private static final class Story {
    private Standing standing = Standing.begin(Cause.Warming, 0);
    private Standing before = standing;
    private long now;
    private long mark;
    private final List<Weighed> weighed = new ArrayList<>();

    void shows(Evidence evidence) {
      boolean few = evidence.lacking() != null || evidence.samples() < 44;
      if (few || Judge.due(OBJECTIVE, standing, evidence, now)) {
        weighed.add(new Weighed(now, !few && evidence.inside()));
      }
      before = standing;
      standing = Judge.next(OBJECTIVE, standing, evidence, now);
    }

    void passes(long millis) {
      now += millis;
    }

    Evidence of(Kind kind, long samples) {
      mark++;
      return switch (kind) {
        case INSIDE -> evidence(0.97, true, false, samples);
        case OUTSIDE -> evidence(0.94, false, false, samples);
        case BEYOND -> evidence(0.80, false, true, samples);
        case FEW -> evidence(0.99, true, false, 43);
        case LACKING -> Evidence.lacking(Cause.Stale);
      };
    }

    private Evidence evidence(double estimate, boolean inside, boolean beyond, long samples) {
      return new Evidence(
          estimate, estimate, inside, beyond, false, samples, mark, Double.NaN, null);
    }

    boolean windowInside() {
      long span = OBJECTIVE.window().span().toMillis();
      return weighed.getFirst().at() <= now - span
          && weighed.stream().filter(w -> w.at() >= now - span).allMatch(Weighed::inside);
    }
  }

  /** Phases of one kind of evidence, of up to eight minutes. */
  private interface Look {
    void at(Story story, Evidence evidence);
  }

  private static void live(long seed, int phases, Look look) {
    var random = new Random(seed);
    var story = new Story();
    Kind[] kinds = Kind.values();
    for (int i = 0; i < phases; i++) {
      Kind kind = kinds[random.nextInt(kinds.length)];
      long samples = 44L + random.nextInt(40);
      long end = story.now + random.nextInt(480_000);
      while (story.now < end) {
        Evidence evidence = story.of(kind, samples);
        story.shows(evidence);
        look.at(story, evidence);
        story.passes(500 + random.nextInt(4000));
      }
    }
  }

  @Property(tries = 300)
  void violatedIsNeverLeftBeforeAFullWindowInside(@ForAll long seed) {
    live(
        seed,
        40,
        (story, evidence) -> {
          if (story.before.verdict() == Verdict.Violated
              && story.standing.verdict() == Verdict.Met) {
            assertThat(story.windowInside()).isTrue();
          }
          if (story.before.verdict() == Verdict.Violated
              && story.standing.verdict() == Verdict.Unknown) {
            assertThat(evidence.lacking() != null || evidence.samples() < 59).isTrue();
          }
        });
  }

  @Property(tries = 300)
  void metHasItsSamplesAndItsEstimateInside(@ForAll long seed) {
    live(
        seed,
        40,
        (story, evidence) -> {
          if (story.standing.verdict() == Verdict.Met) {
            assertThat(evidence.samples()).isGreaterThanOrEqualTo(44);
            if (story.before.verdict() != Verdict.Met) {
              assertThat(evidence.inside()).isTrue();
              assertThat(evidence.samples() >= 59 || story.before.enough()).isTrue();
            }
          }
        });
  }

  @Property(tries = 300)
  void whatCannotBeSeenIsUnknownUnlessItIsFrozen(@ForAll long seed) {
    live(
        seed,
        40,
        (story, evidence) -> {
          Standing standing = story.standing;
          if (standing.flapping()) {
            assertThat(standing.verdict()).isEqualTo(Verdict.Violated);
            assertThat(standing.actionable()).isFalse();
          } else if (evidence.lacking() != null) {
            assertThat(standing.verdict()).isEqualTo(Verdict.Unknown);
            assertThat(standing.cause()).isEqualTo(evidence.lacking());
          }
          assertThat(standing.cause() == null).isEqualTo(standing.verdict() != Verdict.Unknown);
        });
  }

  @Property(tries = 300)
  void noMoreThanSevenChangesOfAViolationAnHour(@ForAll long seed) {
    List<Long> changes = new ArrayList<>();
    live(
        seed,
        80,
        (story, evidence) -> {
          Verdict was = story.before.verdict();
          Verdict is = story.standing.verdict();
          if (was != is && (was == Verdict.Violated || is == Verdict.Violated)) {
            changes.add(story.now);
            changes.removeIf(at -> story.now - at >= 60 * MINUTE);
            assertThat(changes).hasSizeLessThanOrEqualTo(7);
          }
        });
  }

  @Example
  void eachLackIsUnknownWhateverTheCounts() {
    for (Cause cause : Cause.values()) {
      var story = new Story();
      story.shows(story.of(Kind.INSIDE, 59));
      assertThat(story.standing.verdict()).isEqualTo(Verdict.Met);
      story.passes(10_000);
      Evidence e = story.of(Kind.INSIDE, 1000);
      story.shows(
          new Evidence(e.estimate(), e.bound(), true, false, false, 1000, e.mark(), 1.0, cause));
      assertThat(story.standing.verdict()).isEqualTo(Verdict.Unknown);
      assertThat(story.standing.cause()).isEqualTo(cause);
    }
  }

  @Example
  void tooLittleCoverageIsALack() {
    var story = new Story();
    story.shows(story.of(Kind.INSIDE, 1000).covered(0.79));
    assertThat(story.standing.cause()).isEqualTo(Cause.LowCoverage);
    story.shows(story.of(Kind.INSIDE, 1000).covered(0.8));
    assertThat(story.standing.verdict()).isEqualTo(Verdict.Met);
  }

  @Example
  void oneStepBeyondIsNotEnoughAndTwoAre() {
    var story = new Story();
    story.shows(story.of(Kind.INSIDE, 300));
    for (int second = 1; second < 20; second++) {
      story.passes(1000);
      story.shows(story.of(Kind.BEYOND, 300));
      assertThat(story.standing.verdict()).isEqualTo(Verdict.Met);
    }
    story.passes(1000);
    Evidence known = story.of(Kind.BEYOND, 300);
    story.mark--;
    Evidence nothingNew =
        new Evidence(0.8, 0.8, false, true, false, 300, story.standing.mark(), 1, null);
    story.shows(nothingNew);
    assertThat(story.standing.verdict()).as("nothing new came in").isEqualTo(Verdict.Met);
    story.shows(known);
    assertThat(story.standing.verdict()).isEqualTo(Verdict.Violated);
  }

  @Example
  void theSeventhChangeWithinAnHourFreezesForAnHour() {
    var story = new Story();
    for (int change = 1; change <= 7; change++) {
      assertThat(story.standing.flapping()).isFalse();
      for (int step = 0; step < 2; step++) {
        story.passes(10_000);
        story.shows(story.of(change % 2 == 1 ? Kind.BEYOND : Kind.LACKING, 300));
      }
    }
    assertThat(story.standing.flapping()).isTrue();
    assertThat(story.standing.verdict()).isEqualTo(Verdict.Violated);
    assertThat(story.standing.actionable()).isFalse();
    for (long end = story.now + 59 * MINUTE; story.now < end; story.passes(10_000)) {
      story.shows(story.of(Kind.INSIDE, 300));
      assertThat(story.standing.verdict()).isEqualTo(Verdict.Violated);
    }
    for (long end = story.now + 2 * MINUTE; story.now < end; story.passes(10_000)) {
      story.shows(story.of(Kind.INSIDE, 300));
    }
    assertThat(story.standing.flapping()).isFalse();
    assertThat(story.standing.verdict()).isEqualTo(Verdict.Met);
  }

  @Example
  void thinTrafficIsNotMadeAViolation() {
    var story = new Story();
    for (int phase = 0; phase < 40; phase++) {
      story.shows(story.of(phase % 2 == 0 ? Kind.INSIDE : Kind.FEW, 60));
      assertThat(story.standing.verdict())
          .isEqualTo(phase % 2 == 0 ? Verdict.Met : Verdict.Unknown);
      story.passes(20_000);
    }
  }

  /** Between two steps a glance is as good as the whole estimate. */
  @Property(tries = 60)
  void aGlanceBetweenTwoStepsChangesNothing(
      @ForAll @IntRange(min = 1, max = 8) int perSecond, @ForAll long seed) {
    var random = new Random(seed);
    var ring = new CountRing(Duration.ofSeconds(10), 400);
    Standing whole = Standing.begin(Cause.Warming, 0);
    Standing glanced = whole;
    double share = 0.97;
    for (long now = 0; now < 90 * MINUTE; now += 1000) {
      share = random.nextInt(300) == 0 ? 0.85 + 0.15 * random.nextDouble() : share;
      for (int i = random.nextInt(perSecond + 1); i > 0; i--) {
        ring.add(now, random.nextDouble() < share ? 1 : 0, 1);
      }
      Window window = OBJECTIVE.window();
      Evidence all = ShareEstimator.estimate(ring, 0.95, window, now);
      Evidence glance = ShareEstimator.glance(ring, 0.95, window, now);
      Evidence some = Judge.due(OBJECTIVE, glanced, glance, now) ? all : glance;
      whole = Judge.next(OBJECTIVE, whole, all, now);
      glanced = Judge.next(OBJECTIVE, glanced, some, now);
      assertThat(glanced).isEqualTo(whole);
    }
  }
}

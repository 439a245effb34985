package dev.strata.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.core.pool.TemplateHistory.Kept;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which template is in force, and when the newest is taken back. */
final class TemplateHistoryTest {
  private static final Instant CAME = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant AFTER = CAME.plusSeconds(60);

  @Test
  void theNewestIsInForce() {
    assertThat(history(kept("a", 1, true, false), kept("b", 2, false, false)).inForce().hash())
        .isEqualTo("b");
  }

  @Test
  void whatWasTakenBackGivesWayToTheLastThatKeptItsPromises() {
    TemplateHistory history =
        history(
            kept("d", 4, false, true),
            kept("c", 3, false, false),
            kept("a", 1, true, false),
            kept("b", 2, true, false));
    assertThat(history.newest().hash()).isEqualTo("d");
    assertThat(history.inForce().hash()).isEqualTo("b");
  }

  @Test
  void withNothingToGoBackToTheNewestStays() {
    assertThat(history(kept("b", 2, false, true), kept("a", 1, false, false)).inForce().hash())
        .as("somebody has deleted what was gone back to")
        .isEqualTo("b");
  }

  @Test
  void aTemplateIsTakenBackOnce() {
    TemplateHistory bad = history(kept("a", 1, true, false), kept("b", 2, false, false));
    assertThat(bad.refusal(AFTER, true)).isEmpty();
    TemplateHistory gone = history(kept("a", 1, true, false), kept("b", 2, false, true));
    assertThat(reason(gone, AFTER, true)).isEqualTo("AlreadyRolledBack");
  }

  @Test
  void onlyForWhatBeganWithIt() {
    TemplateHistory history = history(kept("a", 1, true, false), kept("b", 2, false, false));
    assertThat(reason(history, CAME, true)).isEqualTo("NotOfThisTemplate");
    assertThat(reason(history, AFTER, false)).isEqualTo("NotOfThisTemplate");
  }

  @Test
  void onlyToWhatKeptItsPromises() {
    assertThat(reason(history(kept("a", 1, false, false), kept("b", 2, false, false)), AFTER, true))
        .isEqualTo("NoSatisfiedTemplate");
    assertThat(reason(history(kept("a", 1, true, true), kept("b", 2, false, false)), AFTER, true))
        .isEqualTo("NoSatisfiedTemplate");
    assertThat(reason(history(kept("b", 1, false, false)), AFTER, true))
        .isEqualTo("NoSatisfiedTemplate");
  }

  @Test
  void aRolloutIsHeldForWhatBeganAfterItsTemplateCame() {
    TemplateHistory history = history(kept("a", 1, true, false), kept("b", 2, false, false));
    assertThat(history.accused(AFTER)).isTrue();
    assertThat(history.accused(CAME.minusSeconds(60))).as("b is the mending").isFalse();
    assertThat(history.accused(CAME.plusMillis(999)))
        .as("a template knows the second in which it came, and may have come at its end")
        .isFalse();
    TemplateHistory gone = history(kept("a", 1, true, false), kept("b", 2, false, true));
    assertThat(gone.accused(AFTER)).as("going back to a is the mending").isFalse();
    TemplateHistory alone = history(kept("b", 1, false, true));
    assertThat(alone.accused(AFTER)).as("there is nothing to go back to").isTrue();
  }

  private static String reason(TemplateHistory history, Instant since, boolean started) {
    return history.refusal(since, started).orElseThrow().reason();
  }

  private static TemplateHistory history(Kept... kept) {
    return new TemplateHistory(List.of(kept));
  }

  private static Kept kept(String hash, long number, boolean satisfied, boolean takenBack) {
    return new Kept(hash, number, CAME, satisfied, takenBack);
  }
}

package dev.strata.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.api.v1alpha1.ActionStatus;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a gate did survives its operator, whichever of checkpoint and status is newer. */
final class DeedsTest {
  private static final List<ActionStatus> ROWS =
      IntStream.range(0, 14).mapToObj(DeedsTest::row).toList();

  @Test
  void whatTheCheckpointDoesNotKnowYetIsTakenFromTheStatus() {
    assertThat(Deeds.merged(ROWS.subList(0, 2), ROWS.subList(0, 3))).isEqualTo(ROWS.subList(0, 3));
    assertThat(Deeds.merged(List.of(), ROWS.subList(0, 3))).isEqualTo(ROWS.subList(0, 3));
  }

  @Test
  void whatTheStatusDoesNotShowIsTakenFromTheCheckpoint() {
    assertThat(Deeds.merged(ROWS.subList(1, 4), ROWS.subList(0, 3))).isEqualTo(ROWS.subList(0, 4));
  }

  @Test
  void theTenNewestStay() {
    assertThat(Deeds.merged(ROWS.subList(0, 9), ROWS.subList(4, 14)))
        .isEqualTo(ROWS.subList(4, 14));
  }

  @Test
  void rowsOfOneSecondKeepTheirOrder() {
    Instant at = Instant.parse("2026-11-23T12:00:00Z");
    List<ActionStatus> rows = List.of(row(at, "Holding"), row(at, "Released"));
    assertThat(Deeds.merged(rows.subList(0, 1), rows)).isEqualTo(rows);
  }

  private static ActionStatus row(int second) {
    return row(Instant.parse("2026-11-23T12:00:00Z").plusSeconds(second), "Evicted");
  }

  private static ActionStatus row(Instant at, String outcome) {
    return new ActionStatus(at.toString(), "Evict", "agent-memory", "demo-x7k2f: 120 MB", outcome);
  }
}

package dev.strata.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.api.v1alpha1.Condition;
import dev.strata.api.v1alpha1.QualityGateStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is written at once, and what waits for its time. */
class StatusWriterTest {
  private static QualityGateStatus status(String verdict, String message) {
    return new QualityGateStatus(
        1L,
        "research",
        "0/1",
        1,
        0,
        "spawn",
        "Observe",
        List.of(),
        List.of(),
        List.of(new Condition("Satisfied", verdict, "Said", message, "2026-11-28T12:00:00Z", 1L)));
  }

  @Test
  void figuresInMessagesWait() {
    var before = StatusWriter.said(status("False", "spawn is Violated (6%, n 124)"));
    assertThat(StatusWriter.said(status("False", "spawn is Violated (7%, n 125)")))
        .isEqualTo(before);
    assertThat(StatusWriter.said(status("True", "spawn is Violated (6%, n 124)")))
        .isNotEqualTo(before);
  }
}

package dev.strata.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class StatusSizeTest {
  private static final String WHO = "agents: share of their operations that were good in time";

  @Test
  void whatFitsStaysAsItIs() {
    QualityGateStatus status = status(20, 12, "Met");
    assertThat(StatusSize.fit(status)).isSameAs(status);
  }

  @Test
  void explanationsOfTargetsThatAreMetGoFirst() {
    QualityGateStatus status = status(30, 14, "Met", "Met", "Violated");
    QualityGateStatus fitting = StatusSize.fit(status);
    assertThat(bytes(status)).isGreaterThan(StatusSize.MOST_BYTES);
    assertThat(bytes(fitting)).isLessThanOrEqualTo(StatusSize.MOST_BYTES);
    for (int i = 0; i < 30; i++) {
      ObjectiveStatus row = fitting.objectives().get(i);
      if ("Violated".equals(row.verdict())) {
        assertThat(row).isEqualTo(status.objectives().get(i));
      } else {
        assertThat(row.source()).isNull();
        assertThat(row.samples()).isNotNull();
      }
    }
  }

  @Test
  void everyVerdictStaysHoweverManyAndHoweverBad() {
    QualityGateStatus status = status(StatusSize.MOST_OBJECTIVES, 63, "Violated");
    QualityGateStatus fitting = StatusSize.fit(status);
    assertThat(bytes(fitting)).isLessThanOrEqualTo(StatusSize.MOST_BYTES);
    assertThat(fitting.objectives()).hasSize(StatusSize.MOST_OBJECTIVES);
    assertThat(fitting.objectives())
        .allSatisfy(
            row -> {
              assertThat(row.verdict()).isEqualTo("Violated");
              assertThat(row.value()).isEqualTo("81.25%");
              assertThat(row.target()).isEqualTo(">= 95% within 500ms");
            });
    assertThat(fitting.conditions()).isEqualTo(status.conditions());
    assertThat(fitting.actions()).isEqualTo(status.actions().subList(7, 10));
  }

  private static int bytes(QualityGateStatus status) {
    try {
      return new ObjectMapper().writeValueAsBytes(status).length;
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static QualityGateStatus status(int rows, int nameLength, String... verdicts) {
    String moment = "2026-01-31T12:00:00Z";
    return new QualityGateStatus(
        3L,
        "pool",
        "0/" + rows,
        rows,
        0,
        "objective",
        "Enforce",
        IntStream.range(0, rows)
            .mapToObj(i -> row(name(i, nameLength), verdicts[i % verdicts.length]))
            .toList(),
        Collections.nCopies(
            10,
            new ActionStatus(
                moment,
                "HoldScaleDown",
                "response-time",
                "81.25%, target >= 95% within 500ms, 240 samples in 5m; since " + moment,
                "Released")),
        IntStream.range(0, 10)
            .mapToObj(
                i ->
                    new Condition(
                        "Condition" + i, "False", "RequiredViolated", "m".repeat(250), moment, 3L))
            .toList());
  }

  private static String name(int i, int length) {
    String number = Integer.toString(i);
    return "n".repeat(length - number.length()) + number;
  }

  private static ObjectiveStatus row(String name, String verdict) {
    boolean met = "Met".equals(verdict);
    return new ObjectiveStatus(
        name,
        "Coordination",
        "Advisory",
        verdict,
        null,
        "81.25%",
        ">= 95% within 500ms",
        met ? null : "86.4%",
        1_234L,
        "99.7%",
        "last 200 within 7d",
        "share",
        WHO,
        met ? "p50 12.3ms, p95 45.6ms, p99 78.9ms of 100% of the events" : null,
        "2026-01-31T12:00:00Z",
        owners(met));
  }

  private static List<String> owners(boolean met) {
    return met
        ? List.of()
        : List.of("research-team-x7k2f 40% of 120", "a 41% of 120", "b 42% of 120");
  }
}

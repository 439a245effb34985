package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Keeps the status of a gate within what a watch can carry to everybody at each change. What is
 * left out first is what explains; verdicts, values and targets stay. The metrics have it all.
 */
public final class StatusSize {
  /** Bytes of JSON that a status has at most. */
  public static final int MOST_BYTES = 16 * 1024;

  /** So many objectives fit in, whatever happens to them. */
  public static final int MOST_OBJECTIVES = 64;

  private static final int FEW_ACTIONS = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<UnaryOperator<QualityGateStatus>> SHORTER =
      List.of(
          status -> rows(status, row -> met(row) ? row.shown(false, false, row.worst()) : row),
          status -> rows(status, row -> row.shown(false, true, first(row.worst()))),
          status -> rows(status, row -> row.shown(false, false, first(row.worst()))),
          status -> actions(rows(status, row -> row.shown(false, false, List.of()))),
          status -> actions(rows(status, ObjectiveStatus::briefest)));

  private StatusSize() {}

  /** The status with as much of it as fits. */
  public static QualityGateStatus fit(QualityGateStatus status) {
    if (fits(status)) {
      return status;
    }
    QualityGateStatus shorter = status;
    for (UnaryOperator<QualityGateStatus> step : SHORTER) {
      shorter = step.apply(status);
      if (fits(shorter)) {
        break;
      }
    }
    return shorter;
  }

  private static boolean fits(QualityGateStatus status) {
    try {
      return JSON.writeValueAsBytes(status).length <= MOST_BYTES;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a status that is no JSON", e);
    }
  }

  private static boolean met(ObjectiveStatus row) {
    return "Met".equals(row.verdict());
  }

  private static List<String> first(List<String> worst) {
    return worst.isEmpty() ? worst : worst.subList(0, 1);
  }

  private static QualityGateStatus rows(
      QualityGateStatus status, UnaryOperator<ObjectiveStatus> change) {
    return status.with(status.objectives().stream().map(change).toList(), status.actions());
  }

  private static QualityGateStatus actions(QualityGateStatus status) {
    List<ActionStatus> all = status.actions();
    return status.with(
        status.objectives(), all.subList(Math.max(0, all.size() - FEW_ACTIONS), all.size()));
  }
}

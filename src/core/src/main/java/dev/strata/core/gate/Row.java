package dev.strata.core.gate;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One target of a gate as it stands, with what was weighed last.
 *
 * @param burn how fast its error budget burns; null: nobody asks
 */
public record Row(
    Objective objective, Standing standing, Evidence evidence, @Nullable BurnRate burn) {
  /**
   * Required ones first, as they decide; then the violated one that is furthest beyond its target.
   */
  public static final Comparator<Row> WORST_FIRST =
      Comparator.comparing((Row row) -> !row.objective.required())
          .thenComparing(Comparator.comparingDouble(Row::beyond).reversed());

  /** A target of which nobody asks how fast its budget burns. */
  public Row(Objective objective, Standing standing, Evidence evidence) {
    this(objective, standing, evidence, null);
  }

  /**
   * How many times as far from good as the target allows the estimate is, so that targets of all
   * units can be compared; 0 of what is not violated, or was not measured.
   */
  double beyond() {
    double found = evidence.estimate();
    if (!violated() || Double.isNaN(found)) {
      return 0;
    }
    return switch (objective.rule()) {
      case Rule.Share share -> (1 - found) / (1 - share.atLeast());
      case Rule.Ratio ratio -> times(ratio.side(), found, ratio.bound());
      case Rule.Value value -> times(value.side(), found, value.bound());
      case Rule.Slices slices -> found * slices.of() / slices.bad();
      case Rule.Trend trend -> 1;
    };
  }

  private static double times(Side side, double found, double bound) {
    return side == Side.AtMost ? found / bound : bound / found;
  }

  boolean violated() {
    return standing.verdict() == Verdict.Violated;
  }

  boolean met() {
    return standing.verdict() == Verdict.Met;
  }

  boolean unknown() {
    return standing.verdict() == Verdict.Unknown;
  }

  /** Whether it is Unknown because something could not be seen, rather than was not there. */
  boolean blind() {
    return standing.cause() != null && !standing.cause().neutral();
  }
}

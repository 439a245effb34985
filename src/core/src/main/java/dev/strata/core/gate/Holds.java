package dev.strata.core.gate;

import java.util.ArrayList;
import java.util.List;

/**
 * Which holds follow from where the targets stand. Only a violation begins one; while nothing is
 * known it stays, because not seeing is no recovery; a verdict that flaps holds nothing. Decided
 * from the standings alone, so another operator holds the same.
 */
public final class Holds {
  private Holds() {}

  /**
   * One hold.
   *
   * @param rule why there is one
   * @param sinceMillis since when its target is violated, Unknown in between included
   * @param untilMillis when it ends at the latest
   */
  public record Held(HoldRule rule, Row row, long sinceMillis, long untilMillis) {
    /** What is held. */
    public HoldRule.Kind kind() {
      return rule.kind();
    }
  }

  /** The holds, in the order of rules and rows. */
  public static List<Held> of(List<Row> rows, List<HoldRule> rules, long nowMillis) {
    List<Held> holds = new ArrayList<>();
    for (HoldRule rule : rules) {
      for (Row row : rows) {
        long since = since(row.standing());
        long until = since + rule.most().toMillis();
        if (rule.names(row.objective()) && since >= 0 && nowMillis < until) {
          holds.add(new Held(rule, row, since, until));
        }
      }
    }
    return holds;
  }

  private static long since(Standing standing) {
    Long since = standing.violatedSinceMillis();
    return since == null || standing.flapping() ? -1 : since;
  }
}

package dev.strata.core.gate;

import dev.strata.core.gate.GateConditions.Said;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether error budgets burn too fast: a condition of gates with targets that ask for it. */
public final class BudgetHealth {
  /** The condition. */
  public static final String TYPE = "BudgetHealthy";

  private static final Pattern RATE = Pattern.compile("[0-9.]+ times");

  private BudgetHealth() {}

  static Optional<Said> of(List<Row> rows) {
    List<Row> asked = rows.stream().filter(r -> r.burn() != null).toList();
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    List<Row> burning = of(asked, Verdict.Violated);
    List<Row> untold = of(asked, Verdict.Unknown);
    if (!burning.isEmpty()) {
      return Optional.of(
          new Said(
              TYPE,
              Verdict.Violated,
              "FastBurn",
              GateConditions.named(burning.stream().map(BudgetHealth::rates).toList())));
    }
    String unknown =
        GateConditions.named(untold.stream().map(r -> r.objective().name()).toList())
            + ": too few events, or too little of them was seen";
    return Optional.of(
        untold.size() == asked.size()
            ? new Said(TYPE, Verdict.Unknown, "InsufficientSamples", unknown)
            : new Said(
                TYPE,
                Verdict.Met,
                "WithinBudget",
                "no error budget burns too fast"
                    + (untold.isEmpty() ? "" : "; nothing is known of " + unknown)));
  }

  private static List<Row> of(List<Row> rows, Verdict verdict) {
    return rows.stream()
        .filter(r -> Objects.requireNonNull(r.burn()).verdict() == verdict)
        .toList();
  }

  private static String rates(Row row) {
    BurnRate rate = Objects.requireNonNull(row.burn());
    return "%s burns %s its budget over %s and %s over %s"
        .formatted(
            row.objective().name(),
            times(rate.overLong()),
            Figures.span(rate.burn().longSpan()),
            times(rate.overShort()),
            Figures.span(rate.burn().shortSpan()));
  }

  /** Where nothing happened, nothing of the budget was used. */
  private static String times(double rate) {
    return Figures.value(Double.isNaN(rate) ? 0 : rate, " times");
  }

  /** The message without its figures: what is left changes only with what burns. */
  public static String withoutRates(String message) {
    return RATE.matcher(message).replaceAll("");
  }
}

package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.Condition;
import dev.strata.api.v1alpha1.ObjectiveStatus;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateStatus;
import dev.strata.core.gate.BudgetHealth;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells people of verdicts that changed, of budgets that burn and of deeds, and of nothing else:
 * Events, where the mode asks for it.
 */
final class GateNews {
  private final Pools pools;

  GateNews(Pools pools) {
    this.pools = pools;
  }

  void tell(QualityGate gate, @Nullable QualityGateStatus before, QualityGateStatus now) {
    if (before == null || "Observe".equals(gate.getSpec().mode())) {
      return;
    }
    Map<String, String> old =
        before.objectives().stream()
            .collect(Collectors.toMap(ObjectiveStatus::name, row -> String.valueOf(row.verdict())));
    for (ObjectiveStatus row : now.objectives()) {
      String verdict = String.valueOf(row.verdict());
      String was = old.getOrDefault(row.name(), verdict);
      // From unknown to met and back is how a day begins and ends.
      boolean violated = "Violated".equals(verdict);
      if (!verdict.equals(was) && (violated || "Violated".equals(was))) {
        pools.tell(gate, "Judge", verdict, violated, sentence(row));
      }
    }
    tellOfBurns(gate, before, now);
    tellOfDeeds(gate, before, now);
  }

  /** Each time that other budgets burn than before, and when none does any more. */
  private void tellOfBurns(QualityGate gate, QualityGateStatus before, QualityGateStatus now) {
    String was = burning(before).map(c -> BudgetHealth.withoutRates(c.message())).orElse("");
    Optional<Condition> burning = burning(now);
    if (burning.isPresent()) {
      String message = burning.get().message();
      if (!BudgetHealth.withoutRates(message).equals(was)) {
        pools.tell(gate, "Judge", burning.get().reason(), true, message);
      }
    } else if (!was.isEmpty()) {
      budget(now).ifPresent(c -> pools.tell(gate, "Judge", c.reason(), false, c.message()));
    }
  }

  private static Optional<Condition> burning(QualityGateStatus status) {
    return budget(status).filter(c -> "False".equals(c.status()));
  }

  private static Optional<Condition> budget(QualityGateStatus status) {
    return status.conditions().stream().filter(c -> c.type().equals(BudgetHealth.TYPE)).findFirst();
  }

  private void tellOfDeeds(QualityGate gate, QualityGateStatus before, QualityGateStatus now) {
    now.actions().stream()
        .filter(a -> !before.actions().contains(a))
        .forEach(
            a ->
                pools.tell(
                    gate,
                    String.valueOf(a.action()),
                    String.valueOf(a.outcome()),
                    "Holding".equals(a.outcome()),
                    a.action() + " for " + a.objective() + ": " + a.evidence()));
  }

  /** Such as "response-time: 81% (bound 86%), target >= 95% within 2s, 240 samples in 5m". */
  private static String sentence(ObjectiveStatus row) {
    return "%s is %s: %s%s, target %s, %s samples in %s"
        .formatted(
            row.name(),
            row.verdict(),
            row.value() == null ? "no value" : row.value(),
            row.bound() == null ? "" : " (bound " + row.bound() + ")",
            row.target(),
            row.samples() == null ? "no" : row.samples(),
            row.window());
  }
}

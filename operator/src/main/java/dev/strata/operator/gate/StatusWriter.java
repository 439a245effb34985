package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.Condition;
import dev.strata.api.v1alpha1.ObjectiveStatus;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateStatus;
import dev.strata.api.v1alpha1.StatusSize;
import dev.strata.core.gate.BudgetHealth;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a gate's status: at once when something that people wait for has changed, else as often as
 * the gate says, because figures move all the time and nobody reads each of them.
 */
final class StatusWriter {
  private final Apply apply;
  private final Supplier<Set<String>> existing;
  private final Map<String, Written> written = new ConcurrentHashMap<>();

  private record Written(QualityGateStatus status, long nanos) {}

  /**
   * @param existing UIDs of the gates that there are
   */
  StatusWriter(KubernetesClient client, Supplier<Set<String>> existing) {
    this.apply = new Apply(client, "strata-gate");
    this.existing = existing;
  }

  /** What was written last by this process; null: nothing. */
  @Nullable QualityGateStatus last(QualityGate gate) {
    Written last = written.get(gate.getMetadata().getUid());
    return last == null ? gate.getStatus() : last.status();
  }

  /**
   * Writes it if it is due.
   *
   * @return whether it was written, and so acknowledged by the API server
   */
  boolean write(QualityGate gate, QualityGateStatus now) {
    String uid = gate.getMetadata().getUid();
    Written last = written.get(uid);
    QualityGateStatus before = last(gate);
    if (now.equals(before)) {
      return false;
    }
    Duration pace = Duration.ofSeconds(gate.getSpec().reporting().intervalSeconds());
    boolean paced = last != null && System.nanoTime() - last.nanos() < pace.toNanos();
    if (before != null && paced && said(before).equals(said(now))) {
      return false;
    }
    var fresh = new QualityGate();
    fresh.setStatus(StatusSize.fit(now));
    apply.status(gate, fresh);
    if (last == null) {
      // A deleted gate tells nobody: those that are gone are forgotten when one is new.
      written.keySet().retainAll(existing.get());
    }
    written.put(uid, new Written(now, System.nanoTime()));
    return true;
  }

  /** All but the figures. */
  static List<Object> said(QualityGateStatus status) {
    return List.of(
        Objects.requireNonNullElse(status.observedGeneration(), 0L),
        status.objectives().stream().map(StatusWriter::verdict).toList(),
        status.actions(),
        status.conditions().stream().map(StatusWriter::said).toList());
  }

  /** No row says which budgets burn. */
  private static String said(Condition condition) {
    return condition.type()
        + condition.status()
        + condition.reason()
        + (condition.type().equals(BudgetHealth.TYPE)
            ? BudgetHealth.withoutRates(condition.message())
            : "");
  }

  private static String verdict(ObjectiveStatus row) {
    return row.name() + row.verdict() + row.reason() + row.target();
  }
}

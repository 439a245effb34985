package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.ObjectiveStatus;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a gate's status: at once when something that people wait for has changed, else at most
 * every five minutes, because figures move all the time and nobody reads each of them.
 */
final class StatusWriter {
  private static final Duration PACE = Duration.ofMinutes(5);
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("strata-gate")
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final Map<String, Written> written = new ConcurrentHashMap<>();

  private record Written(QualityGateStatus status, long nanos) {}

  StatusWriter(KubernetesClient client) {
    this.client = client;
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
    QualityGateStatus before = last == null ? gate.getStatus() : last.status();
    if (now.equals(before)) {
      return false;
    }
    boolean paced = last != null && System.nanoTime() - last.nanos() < PACE.toNanos();
    if (before != null && paced && said(before).equals(said(now))) {
      return false;
    }
    var fresh = new QualityGate();
    // Its UID makes the write fail for another gate of the same name.
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(gate.getMetadata().getName())
            .withNamespace(gate.getMetadata().getNamespace())
            .withUid(uid)
            .build());
    fresh.setStatus(now);
    client.resource(fresh).subresource("status").patch(APPLY);
    written.put(uid, new Written(now, System.nanoTime()));
    return true;
  }

  void forget(QualityGate gate) {
    written.remove(gate.getMetadata().getUid());
  }

  /** All but the figures. */
  private static List<Object> said(QualityGateStatus status) {
    return List.of(
        Objects.requireNonNullElse(status.observedGeneration(), 0L),
        status.objectives().stream().map(StatusWriter::verdict).toList(),
        status.actions(),
        status.conditions().stream().map(c -> c.type() + c.status() + c.reason()).toList());
  }

  private static String verdict(ObjectiveStatus row) {
    return row.name() + row.verdict() + row.reason() + row.target();
  }
}

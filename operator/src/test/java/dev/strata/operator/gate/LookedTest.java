package dev.strata.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.api.v1alpha1.QualityGate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A pool waits for its own gates, and for each once. */
final class LookedTest {
  private final Looked looked = new Looked();

  @Test
  void aGateIsAwaitedUntilItWasLookedAt() {
    QualityGate slo = gate("slo", "team", "demo");
    assertThat(looked.missing(List.of(slo), "team", "demo")).contains("slo");
    assertThat(looked.add(slo)).isTrue();
    assertThat(looked.add(slo)).isFalse();
    assertThat(looked.missing(List.of(slo), "team", "demo")).isEmpty();
  }

  @Test
  void whatIsOfAnotherPoolOrBeingDeletedIsNotAwaited() {
    QualityGate going = gate("going", "team", "demo");
    going.getMetadata().setDeletionTimestamp("2026-11-23T12:00:00Z");
    assertThat(
            looked.missing(
                List.of(gate("a", "team", "other"), gate("b", "others", "demo"), going),
                "team",
                "demo"))
        .isEmpty();
  }

  @Test
  void aGateThatIsMadeAnewIsAnother() {
    QualityGate slo = gate("slo", "team", "demo");
    looked.add(slo);
    looked.keepOnly(Set.of());
    assertThat(looked.missing(List.of(slo), "team", "demo")).contains("slo");
  }

  private static QualityGate gate(String name, String namespace, String pool) {
    return GateDraft.gate(name, namespace, pool);
  }
}

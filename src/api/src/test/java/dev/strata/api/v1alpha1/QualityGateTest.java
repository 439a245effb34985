package dev.strata.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a gate is read as. */
class QualityGateTest {

  @Test
  void leftOutListsAreEmpty() {
    var gate = gate("{poolRef: {name: pool}}");

    assertThat(gate.getSpec().overrides()).isEmpty();
    assertThat(gate.getSpec().objectives()).isEmpty();
    assertThat(gate.getStatus()).isNull();
  }

  /** Where there are none, the API server puts the four shipped ones. */
  @Test
  void noProfilesAndAnEmptyListOfThemStayApart() {
    assertThat(Serialization.asJson(gate("{poolRef: {name: pool}, profiles: []}")))
        .contains("\"profiles\":[]");
    assertThat(Serialization.asJson(gate("{poolRef: {name: pool}}"))).doesNotContain("profiles");
  }

  @Test
  void aStatusSurvivesReadingAndWriting() {
    var objective =
        new ObjectiveStatus(
            "response-time",
            "Application",
            "Required",
            "Met",
            null,
            "97.5%",
            "95%",
            "96.1%",
            400L,
            "100%",
            "5m",
            "share",
            "agents",
            "p50 12ms, p95 480ms, p99 900ms of 100% of the events",
            "2026-11-23T12:00:00Z",
            List.of("agent-1"));
    var status =
        new QualityGateStatus(
            2L, "pool", "1/1", 0, 0, null, "Observe", List.of(objective), List.of(), List.of());

    var read = Serialization.unmarshal(Serialization.asJson(status), QualityGateStatus.class);

    assertThat(read).isEqualTo(status);
  }

  private static QualityGate gate(String spec) {
    return Serialization.unmarshal(
        """
        apiVersion: strata.dev/v1alpha1
        kind: QualityGate
        metadata: {name: gate}
        spec: %s
        """
            .formatted(spec),
        QualityGate.class);
  }
}

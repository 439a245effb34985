package dev.strata.e2e;

import static dev.strata.e2e.Story.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.api.v1alpha1.Condition;
import dev.strata.api.v1alpha1.ObjectiveStatus;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** What a test expects of a gate. */
final class GateCheck {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Story story;
  private final String name;

  GateCheck(Story story, String name) {
    this.story = story;
    this.name = name;
  }

  QualityGateStatus status() {
    QualityGate gate =
        story
            .client()
            .resources(QualityGate.class)
            .inNamespace(story.namespace())
            .withName(name)
            .require();
    assertThat(gate.getStatus()).as("status of gate %s", name).isNotNull();
    return gate.getStatus();
  }

  /** What a GitOps tool takes it for. */
  GateCheck is(Kstatus wanted) {
    GenericKubernetesResource gate =
        story
            .client()
            .genericKubernetesResources("strata.dev/v1alpha1", "QualityGate")
            .inNamespace(story.namespace())
            .withName(name)
            .require();
    assertThat(Kstatus.of(gate)).as("kstatus of %s", name).isEqualTo(wanted);
    return this;
  }

  ObjectiveStatus row(String objective) {
    return status().objectives().stream()
        .filter(row -> row.name().equals(objective))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no row %s: %s".formatted(objective, status())));
  }

  Condition condition(String type) {
    return status().conditions().stream()
        .filter(c -> c.type().equals(type))
        .findFirst()
        .orElseThrow(() -> new AssertionError("gate " + name + " has no condition " + type));
  }

  /** It was met, was violated and is met again, and so were these conditions: each once. */
  GateCheck turnedOnce(GateHistory history, String objective, String... conditions) {
    eventually(
        PATIENCE,
        () -> {
          assertThat(history.verdict(objective)).containsExactly("Met", "Violated", "Met");
          for (String condition : conditions) {
            assertThat(history.condition(condition))
                .as(condition)
                .containsExactly("True", "False", "True");
          }
        });
    return this;
  }

  /** Violated, with the window that the evidence is from. */
  GateCheck violated(String objective, String window) {
    says(objective, "Violated");
    ObjectiveStatus row = row(objective);
    assertThat(row.window()).as("%s", row).isEqualTo(window);
    assertThat(row.value()).as("%s", row).isNotNull();
    assertThat(row.samples()).as("%s", row).isNotNull();
    return this;
  }

  /** What is known now: targets that are met or violated. */
  Map<String, String> verdicts() {
    return status().objectives().stream()
        .filter(row -> !row.verdict().equals("Unknown"))
        .collect(Collectors.toMap(ObjectiveStatus::name, ObjectiveStatus::verdict));
  }

  /** All of these stand as they stood; what was unknown may have become known. */
  void keeps(Map<String, String> verdicts) {
    Map<String, String> now = verdicts();
    assertThat(now.entrySet())
        .as(() -> "rows " + status().objectives())
        .containsAll(verdicts.entrySet());
    assertThat(condition("Satisfied").status()).isEqualTo("True");
  }

  /** Now, not later. */
  GateCheck reads(String objective, String verdict) {
    ObjectiveStatus row = row(objective);
    assertThat(row.verdict()).as("%s", row).isEqualTo(verdict);
    return this;
  }

  GateCheck says(String objective, String verdict) {
    eventually(PATIENCE, () -> reads(objective, verdict));
    return this;
  }

  GateCheck says(String objective, String verdict, String reason) {
    eventually(
        PATIENCE,
        () -> {
          assertThat(row(objective).verdict()).as("%s", row(objective)).isEqualTo(verdict);
          assertThat(row(objective).reason()).isEqualTo(reason);
        });
    return this;
  }

  GateCheck has(String condition, String status) {
    eventually(
        PATIENCE,
        () ->
            assertThat(condition(condition).status())
                .as("%s", condition(condition))
                .isEqualTo(status));
    return this;
  }
}

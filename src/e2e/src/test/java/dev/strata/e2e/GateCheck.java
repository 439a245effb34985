package dev.strata.e2e;

import static dev.strata.e2e.Story.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.api.v1alpha1.Condition;
import dev.strata.api.v1alpha1.ObjectiveStatus;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a test expects of a gate. */
final class GateCheck {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Targets that nothing feeds yet. */
  private static final List<String> NOT_FED =
      List.of(
          ("adaptation balance cache-hit compression context-switch cpu disk error-detection"
                  + " failover io-wait leak memory-allocation network optimization sched-latency"
                  + " storage temperature")
              .split(" "));

  private static final List<String> OPERATORS =
      List.of("alignment", "allocation", "auto-recovery", "spawn");
  private static final List<String> EVENTS =
      List.of(
          ("agent-latency delivery-local delivery-remote delivery-success overhead response-time"
                  + " sync-overhead")
              .split(" "));
  private static final List<String> GAUGES = List.of("agent-memory", "gc");

  /** They change with what else a shared machine does. */
  private static final List<String> OF_THE_MACHINE =
      List.of(
          "agent-latency", "delivery-local", "delivery-remote", "gate-processing", "sync-overhead");

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

  /** What is known now: targets that are met or violated, those aside that measure the machine. */
  Map<String, String> verdicts() {
    return status().objectives().stream()
        .filter(row -> !row.verdict().equals("Unknown"))
        .filter(row -> !OF_THE_MACHINE.contains(row.name()))
        .collect(Collectors.toMap(ObjectiveStatus::name, ObjectiveStatus::verdict));
  }

  /**
   * Of all 33 targets nothing is known now, and each says why.
   *
   * @param events reason of those whose events agents count
   * @param gauges reason of those whose values agents read
   */
  void knowsNothing(String events, String gauges) {
    Map<String, String> why = new TreeMap<>();
    NOT_FED.forEach(name -> why.put(name, "NotExposed"));
    OPERATORS.forEach(name -> why.put(name, "NoDemand"));
    EVENTS.forEach(name -> why.put(name, events));
    GAUGES.forEach(name -> why.put(name, gauges));
    boolean silent = gauges.equals("Stale");
    why.put("accuracy", silent ? "Stale" : "NotExposed");
    why.put("throughput", silent ? "Stale" : "NotApplicable");
    List<ObjectiveStatus> rows = status().objectives();
    assertThat(rows)
        .filteredOn(row -> !row.name().equals("gate-processing"))
        .allSatisfy(row -> assertThat(row.verdict()).as("%s", row).isEqualTo("Unknown"))
        .allSatisfy(row -> assertThat(row.value()).as("%s", row).isNull());
    // How the operator itself keeps up is measured as long as any pool reports.
    assertThat(rows).hasSize(33);
    Map<String, String> said = new TreeMap<>();
    rows.forEach(row -> said.put(row.name(), row.reason()));
    assertThat(said.remove("gate-processing")).isIn(null, "NoDemand", "InsufficientSamples");
    assertThat(said).isEqualTo(why);
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

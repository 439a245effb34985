package dev.strata.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.api.ShippedProfiles;
import dev.strata.api.v1alpha1.Condition;
import dev.strata.api.v1alpha1.ObjectiveStatus;
import dev.strata.api.v1alpha1.PoolRef;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateProfile;
import dev.strata.api.v1alpha1.QualityGateSpec;
import dev.strata.api.v1alpha1.QualityGateStatus;
import dev.strata.harness.ChartInstaller;
import dev.strata.harness.junit.ControlPlaneTest;
import dev.strata.harness.junit.TestNamespace;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gates and profiles on a real API server: applied, filled with defaults, and shown. */
@ControlPlaneTest
final class GateKindsTest {
  private static final String SINCE = "2026-11-23T12:00:00Z";

  @BeforeEach
  void applyCrds(TestNamespace namespace) {
    new ChartInstaller(namespace.client()).applyCrds(Project.root().resolve("crds"));
  }

  @Test
  void shippedProfilesApplyAndASecondTimeChangesNothing(TestNamespace namespace) {
    for (QualityGateProfile profile : ShippedProfiles.read()) {
      // Under another name: an operator on this control plane may have the real one.
      String name = "applied-" + profile.getMetadata().getName();
      profile.setMetadata(new ObjectMetaBuilder().withName(name).build());
      QualityGateProfile first = apply(namespace, profile);
      try {
        QualityGateProfile second = apply(namespace, profile);
        assertThat(first.getSpec()).isEqualTo(profile.getSpec());
        assertThat(second.getMetadata().getResourceVersion())
            .as(name)
            .isEqualTo(first.getMetadata().getResourceVersion());
        assertThat(Kubectl.run(namespace, "get", "qgp", name))
            .contains("LAYER", "OBJECTIVES", "VERSION", "ACCEPTED", profile.getSpec().layer());
      } finally {
        namespace.client().resource(first).delete();
      }
    }
  }

  private static QualityGateProfile apply(TestNamespace namespace, QualityGateProfile profile) {
    return namespace
        .client()
        .resource(profile)
        .fieldManager("strata")
        .forceConflicts()
        .serverSideApply();
  }

  @Test
  void aShortGateGetsItsDefaults(TestNamespace namespace) {
    QualityGate gate = namespace.client().resource(load(namespace, "valid-gate-minimal")).create();

    assertThat(gate.getSpec())
        .isEqualTo(
            new QualityGateSpec(
                new PoolRef("pool"),
                ShippedProfiles.NAMES,
                List.of(),
                List.of(),
                "Observe",
                "Ignore",
                List.of(),
                null,
                null,
                false));
    namespace.client().resource(gate).delete();
  }

  @Test
  void aStatusIsAppliedAndShown(TestNamespace namespace) {
    QualityGate gate = namespace.client().resource(load(namespace, "valid-gate-full")).create();
    applyStatus(namespace, gate.getMetadata().getName());

    String name = gate.getMetadata().getName();
    assertThat(lastLine(Kubectl.run(namespace, "get", "qg", name, "-n", namespace.name())))
        .containsSubsequence(
            "gate", "pool", "False", "27/33", "1", "0", "Warn", "HoldingScaleDown");
    assertThat(
            Kubectl.run(namespace, "get", "qg", name, "-n", namespace.name(), "-o", "wide")
                .lines()
                .toList())
        .satisfiesExactly(
            header ->
                assertThat(header)
                    .containsSubsequence(
                        "NAME",
                        "POOL",
                        "SATISFIED",
                        "MET",
                        "VIOLATED",
                        "UNKNOWN",
                        "MODE",
                        "ENFORCING",
                        "AGE",
                        "WORST",
                        "READY",
                        "MESSAGE"),
            row ->
                assertThat(row)
                    .containsSubsequence("accuracy", "Evaluating", "accuracy is Violated"));
    namespace.client().resource(gate).delete();
  }

  private static void applyStatus(TestNamespace namespace, String name) {
    QualityGate report = new QualityGate();
    report.setMetadata(
        new ObjectMetaBuilder().withName(name).withNamespace(namespace.name()).build());
    report.setStatus(
        new QualityGateStatus(
            1L,
            "pool",
            "27/33",
            1,
            0,
            "accuracy",
            "Warn",
            List.of(
                new ObjectiveStatus(
                    "accuracy",
                    "Application",
                    "Required",
                    "Violated",
                    null,
                    "80%",
                    "95%",
                    "84%",
                    500L,
                    "100%",
                    "last 500 within 24h",
                    "share",
                    "agents",
                    "p50 12ms, p95 480ms, p99 900ms of 100% of the events",
                    SINCE,
                    List.of())),
            List.of(),
            List.of(
                new Condition("Ready", "True", "Evaluating", "it is being judged", SINCE, 1L),
                new Condition("Enforcing", "True", "HoldingScaleDown", "it holds", SINCE, 1L),
                new Condition(
                    "Satisfied", "False", "RequiredViolated", "accuracy is Violated", SINCE, 1L))));
    QualityGate written =
        namespace
            .client()
            .resource(report)
            .subresource("status")
            .patch(
                new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager("strata")
                    .withForce(true)
                    .build());
    assertThat(written.getStatus()).isEqualTo(report.getStatus());
  }

  private static QualityGate load(TestNamespace namespace, String example) {
    QualityGate gate =
        Serialization.unmarshal(
            Project.text(
                Project.root().resolve("src/api/src/test/resources/crd/" + example + ".yaml")),
            QualityGate.class);
    gate.getMetadata().setNamespace(namespace.name());
    return gate;
  }

  private static String lastLine(String text) {
    return text.lines().toList().getLast();
  }
}

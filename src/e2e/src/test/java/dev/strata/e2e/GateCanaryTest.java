package dev.strata.e2e;

import static dev.strata.e2e.GateDraft.gate;
import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.strata.api.v1alpha1.Condition;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.harness.Cluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.ByteArrayInputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/** How long the operator takes from telemetry to what people read, which it is judged by itself. */
@SystemTest
final class GateCanaryTest {
  /** Lets nobody write what is said of one gate. */
  private static final String NO_STATUS =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: %1$s}
      spec:
        failurePolicy: Fail
        matchConstraints:
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
          resourceRules:
            - {apiGroups: [strata.dev], apiVersions: ["*"], operations: [UPDATE],
               resources: [qualitygates/status], resourceNames: [mute]}
        validations: [{expression: "false", message: nothing is said of this gate}]
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: %1$s}
      spec: {policyName: %1$s, validationActions: [Deny]}
      """;

  @Test
  @Execution(CONCURRENT)
  void aGateOfTheOperatorsOwnChangesOnPurpose(Story story) {
    Resource<QualityGate> canary = canary(story);
    Set<String> said = new HashSet<>();
    eventually(
        Story.PATIENCE,
        () -> {
          said.add(satisfied(canary.get()));
          assertThat(said).contains("True", "Unknown");
        });
    assertThat(canary.require().getStatus().objectives().getFirst().reason())
        .isIn(null, "SourceError");
    assertThat(canary.require().getMetadata().getOwnerReferences())
        .as("it goes with the release")
        .extracting(owner -> owner.getKind() + "/" + owner.getName())
        .containsExactly("Secret/strata-nats");
    String uid = canary.require().getMetadata().getUid();
    canary.delete();
    eventually(
        Story.PATIENCE,
        () -> {
          assertThat(canary.get()).as("the canary").isNotNull();
          assertThat(canary.require().getMetadata().getUid()).isNotEqualTo(uid);
        });
  }

  @Test
  @Execution(CONCURRENT)
  void aVerdictThatNobodyCanReadIsLate(Story story) {
    KubernetesClient client = story.client();
    List<HasMetadata> policy =
        client
            .load(new ByteArrayInputStream(NO_STATUS.formatted(story.namespace()).getBytes(UTF_8)))
            .items();
    try {
      policy.forEach(object -> client.resource(object).create());
      story
          .given(pool("told").replicas(3))
          .gated(gate("mute", "told").profiles("application"))
          .gated(gate("slo", "told").profiles("coordination").quick("gate-processing", "", "", 59));
      story.gate("slo").says("gate-processing", "Violated");
    } finally {
      policy.forEach(object -> client.resource(object).delete());
    }
    story.gate("mute").has("Ready", "True");
  }

  private static Resource<QualityGate> canary(Story story) {
    return story
        .client()
        .resources(QualityGate.class)
        .inNamespace(Cluster.SYSTEM_NAMESPACE)
        .withName("strata-canary");
  }

  private static String satisfied(@Nullable QualityGate gate) {
    return gate == null || gate.getStatus() == null
        ? "nothing"
        : gate.getStatus().conditions().stream()
            .filter(c -> c.type().equals("Satisfied"))
            .map(Condition::status)
            .findFirst()
            .orElse("nothing");
  }
}

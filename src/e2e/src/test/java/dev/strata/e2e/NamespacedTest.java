package dev.strata.e2e;

import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.PATIENCE;
import static dev.strata.e2e.Story.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.harness.AuditLog;
import dev.strata.harness.ChartInstaller;
import dev.strata.harness.Cluster;
import dev.strata.harness.ClusterSpec;
import dev.strata.harness.ControlPlaneSpec;
import dev.strata.harness.HelmCall;
import dev.strata.harness.OperatorProcess;
import dev.strata.harness.Tier;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Two releases of the chart side by side, each with the namespaces that it was told. */
final class NamespacedTest {
  private static Cluster cluster() {
    return Cluster.start(
        ClusterSpec.standard()
            .withoutOperator()
            .withNodes(2)
            .withChartValues(Map.of("rbac.create", "false"))
            .withControlPlane(
                ControlPlaneSpec.of(Tier.T2)
                    .withApiServerFlags(
                        "--audit-policy-file="
                            + Project.root()
                                .resolve("src/e2e/src/test/resources/audit-policy.yaml"))));
  }

  @Test
  void operatorsKeepTheirOwnNamespacesAndTouchNothingElse() {
    try (Cluster cluster = cluster();
        Story blue = new Story(cluster, "blue");
        Story green = new Story(cluster, "green");
        Streams streams = new Streams(cluster)) {
      OperatorProcess blues = release(cluster, "blue");
      OperatorProcess greens = release(cluster, "green");
      blues.launch();
      greens.launch();
      blues.awaitReady();
      greens.awaitReady();

      blue.given(pool("one").replicas(2).warm(1));
      green.given(pool("two").replicas(1).warm(1));

      String one = blue.pool("one").getMetadata().getUid();
      String two = green.pool("two").getMetadata().getUid();
      assertThat(streams.of(one)).hasSize(3);
      blue.kubectl("delete", "ap", "one");
      eventually(PATIENCE, () -> assertThat(streams.of(one)).isEmpty());
      assertThat(streams.of(two)).as("streams of a pool that another operator keeps").hasSize(3);

      staysAtHome(cluster.audit(), "blue");
      staysAtHome(cluster.audit(), "green");
      blues.stop();
      greens.stop();
    }
  }

  private static void staysAtHome(AuditLog audit, String release) {
    String user = "system:serviceaccount:%s-system:%s-strata-operator".formatted(release, release);
    List<AuditLog.Entry> requests =
        audit.entries(
            entry ->
                entry.user().equals(user) && !entry.resource().isEmpty() && !entry.isQuestion());
    assertThat(requests).hasSizeGreaterThan(10);
    assertThat(requests)
        .allSatisfy(
            entry -> {
              assertThat(entry.namespace()).isIn(release, release + "-system");
              assertThat(entry.code()).isNotEqualTo(403);
            });
  }

  /** Installs the chart with its own rights and gives its operator what the Deployment would. */
  private static OperatorProcess release(Cluster cluster, String name) {
    String home = name + "-system";
    cluster.controlPlane().createNamespace(home);
    Secret keys =
        cluster
            .client()
            .secrets()
            .inNamespace(Cluster.SYSTEM_NAMESPACE)
            .withName("strata-nats")
            .require();
    cluster
        .client()
        .resource(
            new SecretBuilder(keys)
                .withNewMetadata()
                .withName(name + "-strata-nats")
                .withNamespace(home)
                .endMetadata()
                .build())
        .create();
    HelmCall chart = HelmCall.of(Chart.folder(), name, home);
    Map<String, String> values = new HashMap<>();
    values.put("crds.install", "false");
    values.put("nats.enabled", "false");
    values.put("watchNamespaces[0]", name);
    var pod =
        Chart.of(chart.with(values), cluster.client())
            .only(Deployment.class)
            .getSpec()
            .getTemplate()
            .getSpec();
    // The operator runs as a process here, not from its image.
    values.put("operator.enabled", "false");
    new ChartInstaller(cluster.client()).applyText(chart.with(values).template(), home);
    return cluster.operatorAt(
        new OperatorProcess.Home(
            home,
            pod.getServiceAccountName(),
            environment(pod.getContainers().getFirst().getEnv())),
        name + "-operator-0");
  }

  private static Map<String, String> environment(List<EnvVar> variables) {
    return variables.stream()
        .filter(v -> v.getValue() != null && v.getName().startsWith("STRATA_"))
        .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
  }
}

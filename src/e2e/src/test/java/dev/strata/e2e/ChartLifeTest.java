package dev.strata.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.harness.ControlPlane;
import dev.strata.harness.ControlPlaneSpec;
import dev.strata.harness.HelmCall;
import dev.strata.harness.Tier;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The chart from install to uninstall, on a control plane of its own: what it brings is
 * cluster-wide. A rollback is an upgrade to what an earlier revision had; Helm's library has no
 * other.
 */
final class ChartLifeTest {
  private static final String NAMESPACE = "strata-system";

  private final HelmCall chart = HelmCall.of(Chart.folder(), "strata", NAMESPACE);

  @Test
  void releaseComesAndGoesAndLeavesWhatIsTheUsers() {
    try (ControlPlane plane = ControlPlane.start(ControlPlaneSpec.of(Tier.T1))) {
      KubernetesClient client = plane.client();
      Path kubeconfig = plane.kubeconfig();
      plane.createNamespace(NAMESPACE);

      String notes = chart.install(kubeconfig);
      assertThat(notes).contains("kubectl -n strata-system rollout status deploy/strata-operator");
      operatorAddsItsKeys(client);
      client.resource(PoolDraft.pool("mine").resource()).inNamespace("default").create();

      chart.with(Map.of("operator.replicas", "3")).upgrade(kubeconfig);
      keysAreThere(client);
      String before = configuration(client);
      chart.with(Map.of("nats.storage.syncInterval", "10s")).upgrade(kubeconfig);
      assertThat(configuration(client)).as("what rolls the servers").isNotEqualTo(before);
      keysAreThere(client);

      HelmCall three = chart.with(Map.of("nats.replicas", "3"));
      assertThatThrownBy(() -> three.upgrade(kubeconfig))
          .hasMessageContaining("Set nats.replicas=1")
          .hasMessageContaining("delete statefulset/strata-nats");
      assertThat(servers(client)).isEqualTo(1);
      client.apps().statefulSets().inNamespace(NAMESPACE).withName("strata-nats").delete();
      three.upgrade(kubeconfig);
      assertThat(servers(client)).isEqualTo(3);
      HelmCall one = chart.with(Map.of("nats.replicas", "1"));
      assertThatThrownBy(() -> one.upgrade(kubeconfig)).hasMessageContaining("Set nats.replicas=3");
      keysAreThere(client);

      chart.uninstall(kubeconfig);
      assertThat(client.apps().deployments().inNamespace(NAMESPACE).list().getItems()).isEmpty();
      assertThat(client.rbac().clusterRoles().withLabel("helm.sh/chart").list().getItems())
          .isEmpty();
      assertThat(secret(client)).isNull();
      assertThat(client.resources(AgentPool.class).inNamespace("default").withName("mine").get())
          .as("a user's pool after uninstall")
          .isNotNull();

      chart.with(Map.of("crds.keep", "false")).install(kubeconfig);
      chart.uninstall(kubeconfig);
      assertThat(
              client
                  .apiextensions()
                  .v1()
                  .customResourceDefinitions()
                  .withName("agentpools.strata.dev")
                  .get())
          .as("the CRD where it is not to be kept")
          .satisfiesAnyOf(
              crd -> assertThat(crd).isNull(),
              crd -> assertThat(crd.getMetadata().getDeletionTimestamp()).isNotNull());
    }
  }

  @Test
  void monitoringComesWhereItsApiIs() {
    try (ControlPlane plane = ControlPlane.start(ControlPlaneSpec.of(Tier.T1))) {
      plane.createNamespace(NAMESPACE);
      HelmCall monitored = chart.withFile(Chart.folder().resolve("ci/monitoring-values.yaml"));
      assertThat(monitored.install(plane.kubeconfig())).contains("were left out");

      crd(plane.client(), "servicemonitors", "ServiceMonitor");
      crd(plane.client(), "prometheusrules", "PrometheusRule");
      assertThat(monitored.upgrade(plane.kubeconfig())).doesNotContain("were left out");

      assertThat(monitoring(plane, "ServiceMonitor").get("spec").toString()).contains("/q/metrics");
      String rules = monitoring(plane, "PrometheusRule").get("spec").toString();
      List<String> anchors =
          Pattern.compile("operations\\.md#([a-z-]+)")
              .matcher(rules)
              .results()
              .map(found -> found.group(1))
              .toList();
      assertThat(anchors).hasSizeGreaterThan(3);
      assertThat(headings(Project.text(Project.root().resolve("docs/operations.md"))))
          .containsAll(anchors);
    }
  }

  private static GenericKubernetesResource monitoring(ControlPlane plane, String kind) {
    return plane
        .client()
        .genericKubernetesResources("monitoring.coreos.com/v1", kind)
        .inNamespace(NAMESPACE)
        .withName("strata-operator")
        .require();
  }

  private static List<String> headings(String markdown) {
    return markdown
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceAll("^#+ ", "").toLowerCase(Locale.ROOT).replace(' ', '-'))
        .toList();
  }

  /** A kind that takes everything, in place of the Prometheus operator's. */
  private static void crd(KubernetesClient client, String plural, String kind) {
    String name = plural + ".monitoring.coreos.com";
    client
        .resource(
            new CustomResourceDefinitionBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withGroup("monitoring.coreos.com")
                .withScope("Namespaced")
                .withNewNames()
                .withKind(kind)
                .withPlural(plural)
                .endNames()
                .addNewVersion()
                .withName("v1")
                .withServed(true)
                .withStorage(true)
                .withNewSchema()
                .withNewOpenAPIV3Schema()
                .withType("object")
                .withXKubernetesPreserveUnknownFields(true)
                .endOpenAPIV3Schema()
                .endSchema()
                .endVersion()
                .endSpec()
                .build())
        .create();
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(name)
        .waitUntilCondition(
            crd ->
                crd != null
                    && crd.getStatus() != null
                    && crd.getStatus().getConditions() != null
                    && crd.getStatus().getConditions().stream()
                        .anyMatch(
                            c -> c.getType().equals("Established") && c.getStatus().equals("True")),
            10,
            TimeUnit.SECONDS);
  }

  private static void operatorAddsItsKeys(KubernetesClient client) {
    client
        .secrets()
        .inNamespace(NAMESPACE)
        .withName("strata-nats")
        .edit(secret -> secret.edit().addToData("account.seed", "U0E=").build());
  }

  private static void keysAreThere(KubernetesClient client) {
    assertThat(secret(client).getData()).containsEntry("account.seed", "U0E=").containsKey("url");
  }

  private static Secret secret(KubernetesClient client) {
    return client.secrets().inNamespace(NAMESPACE).withName("strata-nats").get();
  }

  private static String configuration(KubernetesClient client) {
    return client
        .apps()
        .statefulSets()
        .inNamespace(NAMESPACE)
        .withName("strata-nats")
        .require()
        .getSpec()
        .getTemplate()
        .getMetadata()
        .getAnnotations()
        .get("checksum/config");
  }

  private static int servers(KubernetesClient client) {
    return client
        .apps()
        .statefulSets()
        .inNamespace(NAMESPACE)
        .withName("strata-nats")
        .require()
        .getSpec()
        .getReplicas();
  }
}

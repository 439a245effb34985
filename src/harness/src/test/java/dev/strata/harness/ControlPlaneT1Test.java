package dev.strata.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.strata.harness.junit.ControlPlaneTest;
import dev.strata.harness.junit.TestNamespace;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@ControlPlaneTest
class ControlPlaneT1Test {

  @Test
  void endpointSlicesRefuseLoopbackAndTakePodAddresses(TestNamespace ns) {
    PodNetwork network = ns.controlPlane().network();
    assertThatThrownBy(() -> ns.client().resource(slice(ns, "127.0.0.9")).create())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("loopback");
    assumeThat(network.realEndpoints()).as(network.whyNoEndpoints()).isTrue();
    assertThat(ns.client().resource(slice(ns, network.take())).create().getMetadata().getUid())
        .isNotEmpty();
  }

  private static EndpointSlice slice(TestNamespace ns, String address) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withName("slice")
        .withNamespace(ns.name())
        .endMetadata()
        .withAddressType("IPv4")
        .addNewEndpoint()
        .withAddresses(address)
        .endEndpoint()
        .addNewPort()
        .withName("http")
        .withPort(80)
        .endPort()
        .build();
  }

  @Test
  void aKilledApiServerComesBackWithItsData(TestNamespace ns) {
    ns.client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("kept")
                .withNamespace(ns.name())
                .endMetadata()
                .build())
        .create();
    ns.controlPlane().restartApiServer();
    assertThat(ns.client().configMaps().inNamespace(ns.name()).withName("kept").get()).isNotNull();
  }

  @Test
  void aServiceAccountHasItsOwnRightsOnly(TestNamespace ns) {
    ns.client()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("nobody")
                .withNamespace(ns.name())
                .endMetadata()
                .build())
        .create();
    Path kubeconfig = ns.controlPlane().kubeconfigForServiceAccount(ns.name(), "nobody");
    try (KubernetesClient client = ControlPlane.newClient(kubeconfig)) {
      assertThatThrownBy(() -> client.pods().inNamespace(ns.name()).list())
          .hasMessageContaining("system:serviceaccount:" + ns.name() + ":nobody");
    }
  }

  @Test
  void theChartIsRenderedAndApplied(TestNamespace ns) {
    List<HasMetadata> applied =
        new ChartInstaller(ns.client())
            .install(
                Path.of("src/test/resources/chart"),
                "mine",
                ns.name(),
                Map.of("greeting", "good day"));
    assertThat(applied).hasSize(2);
    assertThat(
            ns.client().configMaps().inNamespace(ns.name()).withName("mine-words").get().getData())
        .containsEntry("greeting", "good day");
  }

  @Test
  void theAuditLogNamesWhoWroteWhat(TestNamespace ns) {
    AuditLog audit = ns.controlPlane().audit();
    List<AuditLog.Entry> entries =
        audit.entries(
            entry -> entry.resource().equals("namespaces") && entry.name().equals(ns.name()));
    assertThat(entries).hasSize(1);
    assertThat(entries.getFirst().user()).isEqualTo("admin");
    assertThat(entries.getFirst().succeeded()).isTrue();
    assertThat(AuditLog.countByRequest(entries)).containsEntry("create namespaces", 1L);
  }
}

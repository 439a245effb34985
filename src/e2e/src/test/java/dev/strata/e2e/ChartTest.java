package dev.strata.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strata.harness.HelmCall;
import dev.strata.harness.junit.ControlPlaneTest;
import dev.strata.harness.junit.TestNamespace;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the chart makes of single values. */
@ControlPlaneTest
final class ChartTest {
  private static Chart chart(TestNamespace namespace, String... values) {
    return Chart.of(map(values), namespace.client());
  }

  private static Chart release(TestNamespace namespace, String release, String... values) {
    return Chart.of(
        HelmCall.of(Chart.folder(), release, namespace.name()).with(map(values)),
        namespace.client());
  }

  private static Map<String, String> map(String... values) {
    Map<String, String> map = new TreeMap<>();
    for (String value : values) {
      map.put(value.substring(0, value.indexOf('=')), value.substring(value.indexOf('=') + 1));
    }
    return map;
  }

  @Test
  void crdsAreThoseOfTheFolderAndStayUnlessToldOtherwise(TestNamespace namespace)
      throws IOException {
    List<CustomResourceDefinition> crds =
        chart(namespace).all(CustomResourceDefinition.class).toList();
    assertThat(crds).hasSameSizeAs(Project.files("crds"));
    for (CustomResourceDefinition crd : crds) {
      String name = crd.getMetadata().getName();
      try (var file = Files.newInputStream(Project.root().resolve("crds/" + name + "-v1.yml"))) {
        var plain =
            namespace.client().apiextensions().v1().customResourceDefinitions().load(file).item();
        assertThat(crd.getSpec()).as(name).isEqualTo(plain.getSpec());
      }
      assertThat(crd.getMetadata().getAnnotations())
          .containsEntry("helm.sh/resource-policy", "keep");
    }
    assertThat(chart(namespace, "crds.keep=false").all(CustomResourceDefinition.class))
        .isNotEmpty()
        .allSatisfy(crd -> assertThat(crd.getMetadata().getAnnotations()).isNullOrEmpty());
    assertThat(chart(namespace, "crds.install=false").all(CustomResourceDefinition.class))
        .isEmpty();
  }

  @Test
  void namesFollowTheReleaseSoThatTwoStandSideBySide(TestNamespace namespace) {
    Chart strata = chart(namespace);
    assertThat(strata.names(Deployment.class)).containsExactly("strata-operator");
    assertThat(strata.names(StatefulSet.class)).containsExactly("strata-nats");
    Chart blue = release(namespace, "blue", "crds.install=false", "nats.replicas=3");
    assertThat(blue.objects())
        .extracting(object -> object.getMetadata().getName())
        .allSatisfy(name -> assertThat(name).startsWith("blue-strata-"));
    assertThat(environment(blue.only(StatefulSet.class).getSpec().getTemplate()))
        .containsEntry(
            "ROUTE_2",
            "nats://routes:$(ROUTES_PASSWORD)@blue-strata-nats-2.blue-strata-nats-peers.%s.svc:6222"
                .formatted(namespace.name()));
    assertThat(blue.only(Deployment.class).toString())
        .contains("blue-strata-nats", "blue-strata-operator")
        .doesNotContain(" strata-");
    assertThatThrownBy(() -> release(namespace, "a".repeat(41)))
        .hasStackTraceContaining("at most 40 characters");
  }

  @Test
  void nothingIsClusterWideWhereNamespacesAreNamed(TestNamespace namespace) {
    Chart chart =
        chart(
            namespace,
            "crds.install=false",
            "watchNamespaces[0]=team-blue",
            "watchNamespaces[1]=team-green");
    assertThat(chart.objects())
        .allSatisfy(object -> assertThat(object).isInstanceOf(Namespaced.class));
    assertThat(chart.all(Role.class).filter(role -> role.getMetadata().getName().endsWith("pools")))
        .extracting(role -> role.getMetadata().getNamespace())
        .containsExactlyInAnyOrder("team-blue", "team-green");
    assertThat(chart.all(Role.class).flatMap(role -> role.getRules().stream()))
        .noneMatch(rule -> rule.getResources().contains("nodes"))
        .noneMatch(rule -> rule.getResources().contains("qualitygateprofiles"))
        .anyMatch(rule -> rule.getResources().contains("qualitygates"));
    assertThat(environment(chart)).containsEntry("STRATA_WATCH_NAMESPACES", "team-blue,team-green");
    assertThat(environment(chart(namespace))).doesNotContainKey("STRATA_WATCH_NAMESPACES");
  }

  private static Map<String, String> environment(Chart chart) {
    return environment(chart.only(Deployment.class).getSpec().getTemplate());
  }

  private static Map<String, String> environment(PodTemplateSpec pod) {
    return pod.getSpec().getContainers().getFirst().getEnv().stream()
        .filter(variable -> variable.getValue() != null)
        .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
  }

  @Test
  void networkIsRestrictedAsFarAsTheProfileSays(TestNamespace namespace) {
    assertThat(chart(namespace).all(NetworkPolicy.class)).isEmpty();
    assertThat(chart(namespace, "networkPolicy.profile=standard").all(NetworkPolicy.class))
        .hasSize(2)
        .allSatisfy(p -> assertThat(p.getSpec().getPolicyTypes()).containsExactly("Ingress"));
    assertThat(ports(chart(namespace, "networkPolicy.profile=strict")))
        .isEqualTo(
            Map.of(
                "strata-operator", List.of(53, 53, 443, 6443, 4222),
                "strata-nats", List.of(53, 53, 6222)));
    Chart elsewhere =
        chart(
            namespace,
            "networkPolicy.profile=strict",
            "networkPolicy.natsPorts[0]=4333",
            "nats.enabled=false");
    assertThat(ports(elsewhere))
        .isEqualTo(Map.of("strata-operator", List.of(53, 53, 443, 6443, 4333)));
  }

  /** Where pods of a component may go to. */
  private static Map<String, List<Integer>> ports(Chart chart) {
    return chart
        .all(NetworkPolicy.class)
        .collect(
            Collectors.toMap(
                policy -> policy.getMetadata().getName(),
                policy ->
                    policy.getSpec().getEgress().stream()
                        .flatMap(rule -> rule.getPorts().stream())
                        .map(port -> port.getPort().getIntVal())
                        .toList()));
  }

  @Test
  void serversSpeakTlsWhereTheyHaveACertificate(TestNamespace namespace) {
    Chart chart =
        chart(
            namespace,
            "nats.replicas=3",
            "nats.tls.enabled=true",
            "nats.tls.secretName=certificate");
    String peer = "strata-nats-2.strata-nats-peers.strata-system.svc";
    assertThat(chart.only(ConfigMap.class).getData().get("nats.conf"))
        .containsPattern("(?m)^tls \\{\n  cert_file: /etc/nats-tls/tls.crt$")
        .containsPattern("(?m)^  tls \\{\n    cert_file: /etc/nats-tls/tls.crt$")
        .contains("client_advertise: $CLIENT_ADVERTISE");
    assertThat(url(chart)).isEqualTo("tls://strata-nats.strata-system.svc:4222");
    PodTemplateSpec server = chart.only(StatefulSet.class).getSpec().getTemplate();
    assertThat(environment(server))
        .containsEntry("ROUTE_2", "tls://routes:$(ROUTES_PASSWORD)@" + peer + ":6222")
        .containsEntry(
            "CLIENT_ADVERTISE", "$(SERVER_NAME)" + peer.substring(peer.indexOf('.')) + ":4222");
    assertThat(secrets(server))
        .singleElement()
        .satisfies(
            secret -> {
              assertThat(secret.getSecretName()).isEqualTo("certificate");
              assertThat(secret.getDefaultMode()).isEqualTo(0440);
            });
    assertThat(secrets(chart.only(Deployment.class).getSpec().getTemplate()))
        .as("the operator has no business with the servers' key")
        .singleElement()
        .satisfies(
            secret -> {
              assertThat(secret.getSecretName()).isEqualTo("certificate");
              assertThat(secret.getItems()).extracting(KeyToPath::getKey).containsExactly("ca.crt");
            });
    assertThat(environment(chart)).containsEntry("STRATA_NATS_CA_FILE", "/etc/strata-nats/ca.crt");
  }

  @Test
  void serversLetOnlyEachOtherIn(TestNamespace namespace) {
    Chart three = chart(namespace, "nats.replicas=3");
    assertThat(three.only(ConfigMap.class).getData().get("nats.conf"))
        .contains("authorization { user: routes, password: $ROUTES_PASSWORD }", "$ROUTE_2")
        .doesNotContain("://");
    assertThat(three.only(StatefulSet.class).getSpec().getTemplate().getSpec().getContainers())
        .flatExtracting(Container::getEnv)
        .filteredOn(variable -> variable.getName().equals("ROUTES_PASSWORD"))
        .singleElement()
        .satisfies(
            password ->
                assertThat(password.getValueFrom().getSecretKeyRef().getKey())
                    .isEqualTo("routes.password"));
    assertThat(chart(namespace).only(ConfigMap.class).getData().get("nats.conf"))
        .as("one server has no peers")
        .doesNotContain("cluster {");
  }

  @Test
  void theDiskIsToldAsOftenAsIsWanted(TestNamespace namespace) {
    // In quotes: NATS takes a bare 2m for two millions.
    assertThat(chart(namespace).only(ConfigMap.class).getData().get("nats.conf"))
        .contains("  sync_interval: \"2m\"\n");
    Chart careful = chart(namespace, "nats.storage.syncInterval=always");
    assertThat(careful.only(ConfigMap.class).getData().get("nats.conf"))
        .contains("  sync_interval: \"always\"\n");
    assertThatThrownBy(() -> chart(namespace, "nats.storage.syncInterval=often"))
        .hasStackTraceContaining("syncInterval");
  }

  @Test
  void tlsIsOffUnlessAskedForAndAskedForInWhole(TestNamespace namespace) {
    Chart plain = chart(namespace, "nats.replicas=3", "nats.tls.secretName=certificate");
    assertThat(plain.only(ConfigMap.class).getData().get("nats.conf"))
        .doesNotContain("tls", "advertise");
    assertThat(environment(plain.only(StatefulSet.class).getSpec().getTemplate()).get("ROUTE_0"))
        .startsWith("nats://");
    assertThat(url(plain)).startsWith("nats://");
    assertThat(secrets(plain.only(StatefulSet.class).getSpec().getTemplate())).isEmpty();
    assertThat(secrets(plain.only(Deployment.class).getSpec().getTemplate())).isEmpty();
    assertThat(environment(plain)).doesNotContainKey("STRATA_NATS_CA_FILE");
    assertThatThrownBy(() -> chart(namespace, "nats.tls.enabled=true"))
        .hasStackTraceContaining("nats.tls.enabled needs nats.tls.secretName");
    assertThatThrownBy(
            () ->
                chart(
                    namespace,
                    "nats.enabled=false",
                    "nats.tls.enabled=true",
                    "nats.tls.secretName=certificate"))
        .hasStackTraceContaining("write tls:// into the url of the Secret");
  }

  private static String url(Chart chart) {
    String url = chart.only(Secret.class).getData().get("url");
    return new String(Base64.getDecoder().decode(url), StandardCharsets.UTF_8);
  }

  private static List<SecretVolumeSource> secrets(PodTemplateSpec pod) {
    return pod.getSpec().getVolumes().stream()
        .map(Volume::getSecret)
        .filter(Objects::nonNull)
        .toList();
  }

  @Test
  void podsMayBePlacedAndMarked(TestNamespace namespace) {
    for (String component : List.of("operator", "nats")) {
      Chart chart =
          chart(
              namespace,
              component + ".nodeSelector.disk=fast",
              component + ".tolerations[0].operator=Exists",
              component
                  + ".affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
                  + ".nodeSelectorTerms[0].matchFields[0].key=metadata.name",
              component + ".priorityClassName=high",
              component + ".podLabels.team=blue",
              component + ".podAnnotations.why=because");
      PodTemplateSpec pod =
          component.equals("nats")
              ? chart.only(StatefulSet.class).getSpec().getTemplate()
              : chart.only(Deployment.class).getSpec().getTemplate();
      assertThat(pod.getMetadata().getLabels()).containsEntry("team", "blue");
      assertThat(pod.getMetadata().getAnnotations()).containsEntry("why", "because");
      assertThat(pod.getSpec().getNodeSelector()).containsEntry("disk", "fast");
      assertThat(pod.getSpec().getTolerations()).hasSize(1);
      assertThat(pod.getSpec().getAffinity().getNodeAffinity()).isNotNull();
      assertThat(pod.getSpec().getPriorityClassName()).isEqualTo("high");
      assertThat(pod.getSpec().getTopologySpreadConstraints())
          .extracting(TopologySpreadConstraint::getTopologyKey)
          .containsExactly("kubernetes.io/hostname", "topology.kubernetes.io/zone");
    }
    assertThat(
            environment(
                chart(
                    namespace,
                    "operator.extraEnv[0].name=COLOUR",
                    "operator.extraEnv[0].value=blue")))
        .containsEntry("COLOUR", "blue");
    assertThatThrownBy(
            () -> chart(namespace, "operator.podLabels.app\\.kubernetes\\.io/name=other"))
        .hasStackTraceContaining("app.kubernetes.io/name");
  }

  @Test
  void usersOfANamespaceMayUseItsPools(TestNamespace namespace) {
    assertThat(chart(namespace).all(ClusterRole.class).map(HasMetadata::getMetadata))
        .filteredOn(metadata -> metadata.getName().contains("agentpools"))
        .hasSize(2);
    assertThat(chart(namespace, "rbac.userRoles=false").names(ClusterRole.class))
        .containsExactly("strata-operator");
  }

  @Test
  void unknownOrWrongValuesAreRefusedByName(TestNamespace namespace) {
    assertThatThrownBy(() -> chart(namespace, "operator.replcas=2"))
        .hasStackTraceContaining("replcas");
    assertThatThrownBy(() -> chart(namespace, "nats.replicas=2")).hasStackTraceContaining("nats");
  }
}

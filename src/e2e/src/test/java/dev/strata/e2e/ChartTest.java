package dev.strata.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strata.harness.ChartInstaller;
import dev.strata.harness.junit.ControlPlaneTest;
import dev.strata.harness.junit.TestNamespace;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart makes of its values, judged by a real API server. */
@ControlPlaneTest
final class ChartTest {
  static List<Map<String, String>> variants() {
    return List.of(
        Map.of(),
        Map.of("nats.replicas", "3"),
        Map.of("nats.storage.type", "emptyDir", "operator.replicas", "1"),
        Map.of("nats.enabled", "false", "nats.secretName", "elsewhere"),
        Map.of("operator.priorityClassName", "system-cluster-critical", "rbac.create", "false"),
        Map.of("operator.enabled", "false", "serviceAccount.create", "false"));
  }

  private static List<HasMetadata> render(TestNamespace namespace, Map<String, String> values) {
    String yaml =
        ChartInstaller.render(
            Project.root().resolve("helm/strata"), "strata", namespace.name(), values);
    return namespace
        .client()
        .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .items();
  }

  private static <T> Stream<T> all(List<HasMetadata> objects, Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast);
  }

  @ParameterizedTest
  @MethodSource("variants")
  void everyVariantIsTakenByTheApiServer(Map<String, String> values, TestNamespace namespace) {
    List<HasMetadata> objects = render(namespace, values);
    assertThat(objects).isNotEmpty();
    for (HasMetadata object : objects) {
      HasMetadata taken =
          object.getMetadata().getNamespace() == null
              ? namespace.client().resource(object).dryRun().serverSideApply()
              : namespace
                  .client()
                  .resource(object)
                  .inNamespace(namespace.name())
                  .dryRun()
                  .serverSideApply();
      assertThat(taken.getMetadata().getLabels())
          .as("%s %s", object.getKind(), object.getMetadata().getName())
          .containsEntry("app.kubernetes.io/instance", "strata");
    }
  }

  @Test
  void podsAreRestrictedAndMayNotWriteToTheirRoot(TestNamespace namespace) {
    List<HasMetadata> objects = render(namespace, Map.of());
    List<PodSpec> pods =
        Stream.concat(
                all(objects, Deployment.class).map(d -> d.getSpec().getTemplate().getSpec()),
                all(objects, StatefulSet.class).map(s -> s.getSpec().getTemplate().getSpec()))
            .toList();
    assertThat(pods).hasSize(2);
    for (PodSpec pod : pods) {
      assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
      assertThat(pod.getSecurityContext().getSeccompProfile().getType())
          .isEqualTo("RuntimeDefault");
      for (Container container : pod.getContainers()) {
        var context = container.getSecurityContext();
        assertThat(context.getAllowPrivilegeEscalation()).isFalse();
        assertThat(context.getReadOnlyRootFilesystem()).isTrue();
        assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getResources().getLimits()).containsOnlyKeys("memory");
      }
    }
  }

  @Test
  void noSecretIsInTheChartAndServersGetTheirPublicKeysOnly(TestNamespace namespace) {
    List<HasMetadata> objects = render(namespace, Map.of());
    assertThat(all(objects, Secret.class).toList())
        .singleElement()
        .satisfies(secret -> assertThat(secret.getData()).containsOnlyKeys("url"));
    assertThat(
            all(objects, StatefulSet.class)
                .flatMap(s -> s.getSpec().getTemplate().getSpec().getVolumes().stream())
                .filter(v -> v.getProjected() != null)
                .flatMap(v -> v.getProjected().getSources().stream())
                .filter(source -> source.getSecret() != null)
                .flatMap(source -> source.getSecret().getItems().stream())
                .map(item -> item.getKey()))
        .containsExactly("accounts.conf");
  }

  @Test
  void threeServersKnowEachOther(TestNamespace namespace) {
    String yaml =
        ChartInstaller.render(
            Project.root().resolve("helm/strata"),
            "strata",
            namespace.name(),
            Map.of("nats.replicas", "3"));
    assertThat(yaml)
        .contains("nats://strata-nats-2.strata-nats-peers." + namespace.name() + ".svc:6222");
  }

  @Test
  void unknownOrWrongValuesAreRefusedByName(TestNamespace namespace) {
    assertThatThrownBy(() -> render(namespace, Map.of("operator.replcas", "2")))
        .hasStackTraceContaining("replcas");
    assertThatThrownBy(() -> render(namespace, Map.of("nats.replicas", "2")))
        .hasStackTraceContaining("nats");
  }
}

package dev.strata.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.strata.harness.HelmCall;
import dev.strata.harness.junit.ControlPlaneTest;
import dev.strata.harness.junit.TestNamespace;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file in helm/strata/ci, judged by Helm and by a real API server. */
@ControlPlaneTest
final class ChartValueSetsTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  static List<Path> valueSets() {
    return Chart.valueSets();
  }

  private static Chart chart(Path values, TestNamespace namespace) {
    return Chart.of(
        HelmCall.of(Chart.folder(), "strata", namespace.name()).withFile(values),
        namespace.client());
  }

  @Test
  void thereAreSome() {
    assertThat(Chart.valueSets())
        .extracting(file -> file.getFileName().toString())
        .allMatch(name -> name.endsWith("-values.yaml"))
        .contains("minimal-values.yaml", "ha-values.yaml");
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void apiServerTakesAllOfIt(Path values, TestNamespace namespace) {
    List<HasMetadata> objects = chart(values, namespace).objects();
    assertThat(objects).isNotEmpty();
    for (HasMetadata object : objects) {
      HasMetadata taken = dryRun(object, namespace);
      assertThat(taken.getMetadata().getLabels())
          .as("%s %s", object.getKind(), object.getMetadata().getName())
          .containsEntry("app.kubernetes.io/instance", "strata");
    }
  }

  private static HasMetadata dryRun(HasMetadata object, TestNamespace namespace) {
    String home = object.getMetadata().getNamespace();
    if (home != null && namespace.client().namespaces().withName(home).get() == null) {
      namespace.controlPlane().createNamespace(home);
    }
    var resource = namespace.client().resource(object);
    // A pod is refused without its ServiceAccount, so that one is made.
    return object instanceof ServiceAccount
        ? resource.serverSideApply()
        : resource.dryRun().serverSideApply();
  }

  /** Helm's linter takes no values, so it is shown a chart that has them as its own. */
  @ParameterizedTest
  @MethodSource("valueSets")
  void helmHasNothingAgainstIt(Path values, @TempDir Path copy) throws IOException {
    Chart.copy(copy.resolve("strata"));
    Path own = copy.resolve("strata/values.yaml");
    JsonNode merged =
        YAML.readerForUpdating(YAML.readTree(own.toFile())).readValue(values.toFile());
    YAML.writeValue(own.toFile(), merged);
    HelmCall.of(copy.resolve("strata"), "strata", "strata-system").lint();
  }

  private static Stream<PodTemplateSpec> templates(Chart chart) {
    return Stream.concat(
        chart.all(Deployment.class).map(d -> d.getSpec().getTemplate()),
        chart.all(StatefulSet.class).map(ChartValueSetsTest::withVolumes));
  }

  /** What the pods of a StatefulSet get instead of the volumes that are claimed for them. */
  private static PodTemplateSpec withVolumes(StatefulSet set) {
    PodTemplateSpec template = set.getSpec().getTemplate();
    set.getSpec()
        .getVolumeClaimTemplates()
        .forEach(
            claim ->
                template
                    .getSpec()
                    .getVolumes()
                    .add(
                        new VolumeBuilder()
                            .withName(claim.getMetadata().getName())
                            .withNewEmptyDir()
                            .endEmptyDir()
                            .build()));
    return template;
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void podsAreTakenWhereOnlyRestrictedOnesAre(Path values, TestNamespace namespace) {
    namespace
        .client()
        .namespaces()
        .withName(namespace.name())
        .edit(
            n ->
                n.edit()
                    .editMetadata()
                    .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                    .endMetadata()
                    .build());
    Chart chart = chart(values, namespace);
    Stream<Pod> loose =
        templates(chart)
            .map(
                template ->
                    new PodBuilder()
                        .withNewMetadataLike(template.getMetadata())
                        .withName("probe")
                        .withNamespace(namespace.name())
                        .endMetadata()
                        .withSpec(
                            template.getSpec().edit().withServiceAccountName("default").build())
                        .build());
    List<Pod> pods = Stream.concat(loose, chart.all(Pod.class)).toList();
    assertThat(pods).isNotEmpty();
    for (Pod pod : pods) {
      pod.getSpec().setServiceAccountName("default");
      namespace.client().resource(pod).dryRun().create();
      for (Container container : pod.getSpec().getContainers()) {
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getResources().getLimits()).containsOnlyKeys("memory");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void noSecretIsInItAndServersGetTheirPublicKeysOnly(Path values, TestNamespace namespace) {
    Chart chart = chart(values, namespace);
    assertThat(chart.all(Secret.class))
        .allSatisfy(
            secret -> {
              assertThat(secret.getData()).containsOnlyKeys("url");
              assertThat(secret.getStringData()).isNullOrEmpty();
            });
    assertThat(
            chart
                .all(StatefulSet.class)
                .flatMap(s -> s.getSpec().getTemplate().getSpec().getVolumes().stream())
                .filter(v -> v.getProjected() != null)
                .flatMap(v -> v.getProjected().getSources().stream())
                .filter(source -> source.getSecret() != null)
                .flatMap(source -> source.getSecret().getItems().stream())
                .map(item -> item.getKey()))
        .allMatch("accounts.conf"::equals);
  }
}

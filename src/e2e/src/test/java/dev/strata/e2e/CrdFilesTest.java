package dev.strata.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.strata.harness.ChartInstaller;
import dev.strata.harness.junit.ControlPlaneTest;
import dev.strata.harness.junit.TestNamespace;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What the API server says to the files in src/api/src/test/resources/crd: valid-* is accepted,
 * invalid-* is refused with the sentence in its first line. A file with "update" in its name has
 * two documents, of which the second replaces the first.
 */
@ControlPlaneTest
final class CrdFilesTest {
  private static final String FOLDER = "src/api/src/test/resources/crd";
  private static final String EXPECT = "# expect: ";

  /** What the schema cannot refuse and the operator does, as its own tests show. */
  private static final String REFUSED_LATER = "src/api/src/test/resources/gates";

  private static final String PROFILES = "src/api/src/main/resources/dev/strata/profiles";
  private static final int FEWEST_INVALID = 170;

  /** Of gates, profiles and objectives alone. */
  private static final int FEWEST_INVALID_GATES = 50;

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static void applyCrds(TestNamespace namespace) {
    new ChartInstaller(namespace.client()).applyCrds(Project.root().resolve("crds"));
  }

  @TestFactory
  Stream<DynamicTest> filesAreJudgedAsTheirNamesSay(TestNamespace namespace) {
    applyCrds(namespace);
    return Project.files(FOLDER).stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(), () -> judge(file, namespace)));
  }

  private static void judge(Path file, TestNamespace namespace) throws IOException {
    String name = file.getFileName().toString();
    String text = Project.text(file);
    List<JsonNode> documents = new ArrayList<>();
    YAML.readerFor(JsonNode.class).<JsonNode>readValues(text).forEachRemaining(documents::add);
    assertThat(documents)
        .as("%s: one document, or two and \"update\" in its name", name)
        .hasSizeBetween(1, name.contains("-update-") ? 2 : 1);
    if (name.startsWith("valid-")) {
      send(documents, namespace);
    } else if (name.startsWith("invalid-")) {
      String first = text.lines().findFirst().orElse("");
      assertThat(first)
          .as("the first line of %s names the sentence that is expected", name)
          .startsWith(EXPECT);
      String sentence = first.substring(EXPECT.length()).strip();
      assertThat(sentence).as("expectation of %s", name).isNotEmpty();
      assertThatThrownBy(() -> send(documents, namespace), name)
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining(sentence);
    } else {
      throw new AssertionError(name + " is neither valid-... nor invalid-...: rename it");
    }
  }

  @TestFactory
  Stream<DynamicTest> whatOnlyTheOperatorRefusesIsAccepted(TestNamespace namespace) {
    applyCrds(namespace);
    return Project.files(REFUSED_LATER).stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(),
                    () -> send(List.of(YAML.readTree(Project.text(file))), namespace)));
  }

  @TestFactory
  Stream<DynamicTest> shippedProfilesAreAccepted(TestNamespace namespace) {
    applyCrds(namespace);
    return Project.files(PROFILES).stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(),
                    () -> {
                      ObjectNode profile = (ObjectNode) YAML.readTree(Project.text(file));
                      // An operator on this control plane may have the real one.
                      profile.withObject("/metadata").put("name", "of-" + file.getFileName());
                      send(List.of(profile), namespace);
                    }));
  }

  /** Creates an object, replaces it by the second document if there is one, and removes it. */
  private static void send(List<JsonNode> documents, TestNamespace namespace) {
    String path = path(documents.getFirst().path("kind").asText(), namespace.name());
    String strict = "?fieldValidation=Strict";
    String object = path + "/" + documents.getFirst().at("/metadata/name").asText();
    namespace.client().raw(path + strict, "POST", documents.getFirst());
    try {
      if (documents.size() > 1) {
        ObjectNode second = (ObjectNode) documents.getLast();
        second.withObject("/metadata").put("resourceVersion", version(namespace, object));
        namespace.client().raw(object + strict, "PUT", second);
      }
    } finally {
      namespace.client().raw(object, "DELETE", null);
    }
  }

  private static String path(String kind, String namespace) {
    String group = "/apis/strata.dev/v1alpha1/";
    return switch (kind) {
      case "AgentPool" -> group + "namespaces/" + namespace + "/agentpools";
      case "QualityGate" -> group + "namespaces/" + namespace + "/qualitygates";
      case "QualityGateProfile" -> group + "qualitygateprofiles";
      default -> throw new AssertionError("no path is known for the kind " + kind + ": add it");
    };
  }

  private static String version(TestNamespace namespace, String path) {
    try {
      return YAML.readTree(namespace.client().raw(path)).at("/metadata/resourceVersion").asText();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void thereAreEnoughBadExamples() {
    assertThat(Project.files(FOLDER))
        .filteredOn(file -> file.getFileName().toString().startsWith("invalid-"))
        .hasSizeGreaterThanOrEqualTo(FEWEST_INVALID);
    assertThat(Project.files(FOLDER))
        .filteredOn(
            file -> file.getFileName().toString().matches("invalid-(gate|profile|objective)-.*"))
        .filteredOn(file -> Project.text(file).contains("kind: QualityGate"))
        .hasSizeGreaterThanOrEqualTo(FEWEST_INVALID_GATES);
  }

  @Test
  void kubectlAppliesAndExplainsThem(TestNamespace namespace) {
    assertThat(Kubectl.run(namespace, "apply", "-f", Project.root().resolve("crds").toString()))
        .contains(
            "agentpools.strata.dev", "qualitygates.strata.dev", "qualitygateprofiles.strata.dev");
    Story.eventually(
        Story.PATIENCE,
        () ->
            assertThat(Kubectl.run(namespace, "explain", "ap", "--recursive"))
                .contains("AgentPool", "maxUnavailable", "apiKeySecretRef", "conditions"));
    assertThat(Kubectl.run(namespace, "explain", "qgp.spec.objectives", "--recursive"))
        .contains("QualityGateProfile", "windowSeconds", "severity");
    assertThat(Kubectl.run(namespace, "explain", "qg.spec", "--recursive"))
        .contains(
            "QualityGate", "poolRef", "enforcement", "maxAffected", "intervalSeconds", "until");
    assertThat(Kubectl.run(namespace, "explain", "qg.spec.onMissing"))
        .contains("Hold", "DESCRIPTION");
    assertThat(Kubectl.run(namespace, "explain", "ap.spec.warm.percent")).contains("DESCRIPTION");
  }

  @Test
  void noFieldLacksADescription(TestNamespace namespace) {
    applyCrds(namespace);
    var crds = namespace.client().apiextensions().v1().customResourceDefinitions().list();
    TreeSet<String> bare = new TreeSet<>();
    crds.getItems().stream()
        .filter(crd -> crd.getSpec().getGroup().equals("strata.dev"))
        .forEach(
            crd ->
                crd.getSpec()
                    .getVersions()
                    .forEach(
                        version ->
                            walk(
                                crd.getSpec().getNames().getKind(),
                                YAML.valueToTree(version.getSchema().getOpenAPIV3Schema()),
                                bare)));
    assertThat(bare).as("fields without a description").isEmpty();
  }

  private static void walk(String path, JsonNode schema, SortedSet<String> bare) {
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      String name = path + "." + field.getKey();
      // These three are the API server's own and described by it.
      boolean standard = name.matches("[A-Z][A-Za-z]+\\.(apiVersion|kind|metadata)");
      if (!standard && field.getValue().path("description").asText().isBlank()) {
        bare.add(name);
      }
      walk(name, field.getValue(), bare);
    }
    if (schema.has("items")) {
      walk(path + "[]", schema.path("items"), bare);
    }
  }

  @Test
  void chartRendersAndApplies(TestNamespace namespace) {
    var applied =
        new ChartInstaller(namespace.client())
            .install(
                Project.root().resolve("helm/strata"),
                "strata",
                namespace.name(),
                Map.of(
                    "commonLabels.team",
                    "blue",
                    "operator.enabled",
                    "false",
                    "nats.enabled",
                    "false"));
    assertThat(applied)
        .extracting(object -> object.getKind())
        .contains("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding");
    assertThat(applied)
        .allSatisfy(
            object -> assertThat(object.getMetadata().getLabels()).containsEntry("team", "blue"));
  }
}

package dev.strata.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.strata.api.build.CrdFiles;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a user writes survives the records: an example of each kind has every field there is. */
class FullExamplesTest {

  enum Example {
    POOL(AgentPool.class, "agentpools", "valid-full.yaml"),
    GATE(QualityGate.class, "qualitygates", "valid-gate-full.yaml"),
    PROFILE(QualityGateProfile.class, "qualitygateprofiles", "valid-profile-full.yaml");

    private final Class<? extends HasMetadata> type;
    private final String plural;
    private final String file;

    Example(Class<? extends HasMetadata> type, String plural, String file) {
      this.type = type;
      this.plural = plural;
      this.file = file;
    }

    JsonNode written() {
      try (var in = FullExamplesTest.class.getResourceAsStream("/crd/" + file)) {
        return tree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    JsonNode throughTheRecords(JsonNode written) {
      return tree(Serialization.asYaml(Serialization.unmarshal(written.toString(), type)));
    }

    JSONSchemaProps specSchema() {
      var crd =
          Serialization.unmarshal(
              CrdFiles.generate().get(plural + ".strata.dev-v1.yml"),
              CustomResourceDefinition.class);
      var version = crd.getSpec().getVersions().getFirst();
      return version.getSchema().getOpenAPIV3Schema().getProperties().get("spec");
    }

    private static JsonNode tree(String yaml) {
      return Serialization.unmarshal(yaml, JsonNode.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyFieldSurvivesReadingAndWriting(Example example) {
    var written = example.written();

    assertThat(example.throughTheRecords(written).get("spec")).isEqualTo(written.get("spec"));
  }

  @ParameterizedTest
  @EnumSource
  void theFullExampleHasEveryField(Example example) {
    var missing = new TreeSet<String>();

    collectMissing(".spec", example.specSchema(), List.of(example.written().get("spec")), missing);

    // One pool has one kind of handler: valid-exec-*.yaml and valid-http.yaml show the others.
    missing.removeIf(path -> path.matches("\\.spec\\.agent\\.handler\\.(java|exec|http)"));
    // Likewise one kind of validator: valid-validation-*.yaml show the others.
    missing.removeIf(
        path ->
            path.matches(
                "\\.spec\\.agent\\.validation\\.(jsonSchema|reference|majority|verifier)"));
    assertThat(missing).as("add these to %s", example.file).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void fieldsOfALaterVersionAreSkippedEverywhere(Example example) {
    var later = example.written();
    addLaterField(example.specSchema(), later.get("spec"));

    assertThat(example.throughTheRecords(later).get("spec"))
        .isEqualTo(example.written().get("spec"));
  }

  private static void addLaterField(JSONSchemaProps schema, JsonNode value) {
    if (schema.getItems() != null) {
      value.forEach(item -> addLaterField(schema.getItems().getSchema(), item));
    } else if (schema.getAdditionalProperties() == null && value instanceof ObjectNode object) {
      if (schema.getProperties() != null) {
        schema
            .getProperties()
            .forEach(
                (name, field) -> {
                  if (object.has(name)) {
                    addLaterField(field, object.get(name));
                  }
                });
      }
      object.put("later", 1);
    }
  }

  private static void collectMissing(
      String path, JSONSchemaProps schema, List<JsonNode> values, Set<String> missing) {
    if (schema.getItems() != null) {
      var items = values.stream().flatMap(list -> list.valueStream()).toList();
      collectMissing(path + "[]", schema.getItems().getSchema(), items, missing);
    }
    if (schema.getProperties() == null) {
      return;
    }
    schema
        .getProperties()
        .forEach(
            (name, field) -> {
              var found = values.stream().map(v -> v.get(name)).filter(v -> v != null).toList();
              if (found.isEmpty()) {
                missing.add(path + "." + name);
              } else {
                collectMissing(path + "." + name, field, found, missing);
              }
            });
  }
}

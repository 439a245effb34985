package dev.strata.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.strata.api.build.CrdFiles;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user writes survives the records. */
class AgentPoolTest {

  @Test
  void everyFieldSurvivesReadingAndWriting() {
    var written = yaml("/crd/valid-full.yaml");

    var pool = Serialization.unmarshal(resource("/crd/valid-full.yaml"), AgentPool.class);

    assertThat(tree(Serialization.asYaml(pool)).get("spec")).isEqualTo(written.get("spec"));
  }

  @Test
  void theFullExampleHasEveryField() {
    var missing = new TreeSet<String>();
    var schema = crdSchema().getProperties().get("spec");

    collectMissing(".spec", schema, List.of(yaml("/crd/valid-full.yaml").get("spec")), missing);

    // One pool has one kind of handler: valid-exec-*.yaml and valid-http.yaml show the others.
    missing.removeIf(path -> path.matches("\\.spec\\.agent\\.handler\\.(java|exec|http)"));
    assertThat(missing).as("add these to valid-full.yaml").isEmpty();
  }

  @Test
  void leftOutListsAndMapsAreEmpty() {
    var pool =
        Serialization.unmarshal(
            """
            apiVersion: strata.dev/v1alpha1
            kind: AgentPool
            metadata: {name: pool}
            spec:
              template: {}
            """,
            AgentPool.class);

    assertThat(pool.getSpec().template().env()).isEmpty();
    assertThat(pool.getSpec().template().labels()).isEmpty();
    assertThat(pool.getStatus()).isNull();
  }

  @Test
  void labelsComeOutInOneOrder() {
    var one = template("labels: {b: x, a: y}");
    var other = template("labels: {a: y, b: x}");

    assertThat(Serialization.asJson(one)).isEqualTo(Serialization.asJson(other));
  }

  @Test
  void fieldsOfALaterVersionAreSkippedEverywhere() {
    var later = yaml("/crd/valid-full.yaml");
    addLaterField(crdSchema().getProperties().get("spec"), later.get("spec"));

    var pool = Serialization.unmarshal(later.toString(), AgentPool.class);

    assertThat(tree(Serialization.asYaml(pool)).get("spec"))
        .isEqualTo(yaml("/crd/valid-full.yaml").get("spec"));
  }

  @ParameterizedTest
  @CsvSource({"0,0,10,0", "2,0,10,2", "0,20,10,2", "0,1,10,1", "3,20,10,3", "0,100,1000,1000"})
  void sparesAreTheLargerOfNumberAndShare(int target, int percent, int replicas, int spares) {
    assertThat(new WarmSpec(target, percent).spares(replicas)).isEqualTo(spares);
  }

  private static TemplateSpec template(String yaml) {
    return Serialization.unmarshal(yaml, TemplateSpec.class);
  }

  private static JSONSchemaProps crdSchema() {
    var crd =
        Serialization.unmarshal(
            CrdFiles.generate().get("agentpools.strata.dev-v1.yml"),
            CustomResourceDefinition.class);
    return crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
  }

  private static void addLaterField(JSONSchemaProps schema, JsonNode value) {
    if (schema.getItems() != null) {
      value.forEach(item -> addLaterField(schema.getItems().getSchema(), item));
    } else if (schema.getAdditionalProperties() == null && value instanceof ObjectNode object) {
      schema
          .getProperties()
          .forEach(
              (name, field) -> {
                if (object.has(name)) {
                  addLaterField(field, object.get(name));
                }
              });
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

  private static JsonNode yaml(String name) {
    return tree(resource(name));
  }

  private static JsonNode tree(String yaml) {
    return Serialization.unmarshal(yaml, JsonNode.class);
  }

  private static String resource(String name) {
    try (var in = AgentPoolTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

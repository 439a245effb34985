package dev.strata.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * What the chart says of itself. With {@code -Dchart.update=true} the table in its README is
 * written instead of compared.
 */
final class ChartDocsTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Path README = Chart.folder().resolve("README.md");
  private static final String BEGIN = "<!-- values: written by make chart-docs -->\n";
  private static final String END = "<!-- end of values -->\n";

  private final JsonNode schema = yaml("values.schema.json");
  private final JsonNode chart = yaml("Chart.yaml");

  /** One line of values.yaml that has a value. */
  private record Value(String path, String standard, String what) {}

  private static JsonNode yaml(String file) {
    try {
      return YAML.readTree(Chart.folder().resolve(file).toFile());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void readmeListsAllValues() throws IOException {
    StringBuilder table = new StringBuilder("\n| value | default | what |\n|---|---|---|\n");
    for (Value value : values()) {
      assertThat(value.what()).as("what %s is for", value.path()).isNotEmpty();
      table.append(
          "| `%s` | `%s` | %s |\n".formatted(value.path(), value.standard(), value.what()));
    }
    String text = Files.readString(README);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    String wanted = text.substring(0, from) + table + "\n" + text.substring(text.indexOf(END));
    if (Boolean.getBoolean("chart.update")) {
      Files.writeString(README, wanted);
      return;
    }
    assertThat(text)
        .as("%s differs from values.yaml: run `make chart-docs` and commit", README)
        .isEqualTo(wanted);
  }

  @Test
  void schemaKnowsEveryValueAndNoOther() {
    List<String> known = new ArrayList<>();
    leaves("", schema, known);
    known.remove("global");
    assertThat(values()).extracting(Value::path).containsExactlyInAnyOrderElementsOf(known);
  }

  private static void leaves(String path, JsonNode schema, List<String> found) {
    if (!schema.path("properties").isEmpty()) {
      schema
          .path("properties")
          .properties()
          .forEach(
              field ->
                  leaves(
                      path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                      field.getValue(),
                      found));
    } else if (path.endsWith(".requests")) {
      found.addAll(List.of(path + ".cpu", path + ".memory"));
    } else if (path.endsWith(".limits")) {
      found.add(path + ".memory");
    } else {
      found.add(path);
    }
  }

  /** The lines of values.yaml, each with the comment above it, or else what the schema says. */
  private List<Value> values() {
    List<Value> values = new ArrayList<>();
    List<String> path = new ArrayList<>();
    StringBuilder comment = new StringBuilder();
    for (String line : Project.text(Chart.folder().resolve("values.yaml")).lines().toList()) {
      String text = line.strip();
      if (text.startsWith("#")) {
        comment.append(text.substring(1).strip()).append(' ');
        continue;
      }
      int colon = text.indexOf(':');
      if (colon > 0) {
        int depth = (line.length() - line.stripLeading().length()) / 2;
        path.subList(depth, path.size()).clear();
        path.add(text.substring(0, colon));
        String standard = text.substring(colon + 1).strip();
        if (!standard.isEmpty()) {
          String what = comment.isEmpty() ? described(path) : comment.toString().strip();
          values.add(new Value(String.join(".", path), standard, what));
        }
      }
      comment.setLength(0);
    }
    return values;
  }

  private String described(List<String> path) {
    JsonNode node = schema;
    for (String name : path) {
      node =
          node.path("properties").has(name)
              ? node.path("properties").path(name)
              : node.path("additionalProperties");
    }
    return node.path("description").asText();
  }

  @Test
  void artifactHubIsToldOfTheImagesThatAreUsed() throws IOException {
    JsonNode images = YAML.readTree(chart.at("/annotations/artifacthub.io~1images").asText());
    JsonNode values = yaml("values.yaml");
    assertThat(images)
        .extracting(image -> image.path("image").asText())
        .containsExactlyInAnyOrder(
            image(values.at("/operator/image")),
            image(values.at("/agent/image")),
            image(values.at("/nats/image")));
  }

  private static String image(JsonNode image) {
    return image.path("repository").asText() + ":" + image.path("tag").asText();
  }

  @Test
  void artifactHubIsToldOfTheCrdsThatAreInstalled() throws IOException {
    JsonNode told = YAML.readTree(chart.at("/annotations/artifacthub.io~1crds").asText());
    List<String> there =
        Project.files("crds").stream()
            .map(file -> file.getFileName().toString().replace("-v1.yml", ""))
            .toList();
    assertThat(StreamSupport.stream(told.spliterator(), false))
        .extracting(crd -> crd.path("name").asText())
        .containsExactlyInAnyOrderElementsOf(there);
  }

  @Test
  void artifactHubIsToldOfChangesByKind() throws IOException {
    JsonNode changes = YAML.readTree(chart.at("/annotations/artifacthub.io~1changes").asText());
    assertThat(changes)
        .isNotEmpty()
        .allSatisfy(
            change -> {
              assertThat(change.path("kind").asText())
                  .isIn("added", "changed", "deprecated", "removed", "fixed", "security");
              assertThat(change.path("description").asText()).isNotEmpty();
            });
  }
}

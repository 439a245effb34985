package dev.strata.e2e;

import static dev.strata.e2e.Named.thePool;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file in examples/ works as it stands. One that needs something from outside says so in an
 * annotation, and is only shown to the API server.
 */
@SystemTest
final class ExamplesTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** A task for the example and what comes of it; null: the API server's word is enough. */
  private record Try(String input, String output) {}

  private static final String JSON_ANSWER = "{\"title\":\"Hello\"}";

  private static final Map<String, Try> TASKS =
      Map.of(
          "01-hello.yaml", new Try("Hello?", "Hello?"),
          "02-warm-spares.yaml", new Try("Hello?", "Hello?"),
          "03-exec-per-task.yaml", new Try("hello", "HELLO"),
          "04-exec-json-lines.yaml", new Try("a", "{\"count\":1,\"input\":\"a\"}"),
          "07-rolling-update.yaml", new Try("Ada", "Good morning, Ada"),
          "08-affinity-tolerations.yaml", new Try("Hello?", "Hello?"),
          "09-disruption.yaml", new Try("Hello?", "Hello?"),
          "10-config-and-secrets.yaml", new Try("pod", "north: a group of containers"),
          "11-quality-gate.yaml", new Try("Hello?", "Hello?"),
          "12-judged-outputs.yaml", new Try(JSON_ANSWER, JSON_ANSWER));

  private static final List<String> NEED_SOMETHING =
      List.of("05-http-sidecar.yaml", "06-openai.yaml");

  static List<String> examples() {
    return Project.files("examples").stream().map(file -> file.getFileName().toString()).toList();
  }

  @Test
  void everyExampleIsTried() {
    var tried = new TreeSet<>(TASKS.keySet());
    tried.addAll(NEED_SOMETHING);
    assertThat(examples()).containsExactlyElementsOf(tried);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void exampleWorks(String name, Story story) {
    Path file = Project.root().resolve("examples").resolve(name);
    JsonNode pool = pool(file);
    boolean needsSomething = pool.at("/metadata/annotations").has("strata.dev/example-needs");
    assertThat(needsSomething)
        .as("%s has the annotation strata.dev/example-needs", name)
        .isEqualTo(NEED_SOMETHING.contains(name));
    if (needsSomething) {
      story.kubectl("apply", "--dry-run=server", "-f", file.toString());
      return;
    }
    story.kubectl("apply", "-f", file.toString());
    String poolName = pool.at("/metadata/name").asText();
    story.then(thePool(poolName)).isReady(pool.at("/spec/replicas").asInt(1));
    Try example = TASKS.get(name);
    story.tasks(poolName).answers(example.input(), example.output());
    documents(file).stream()
        .filter(document -> document.path("kind").asText().equals("QualityGate"))
        .map(gate -> gate.at("/metadata/name").asText())
        .forEach(gate -> story.gate(gate).has("Ready", "True"));
  }

  private static JsonNode pool(Path file) {
    return documents(file).stream()
        .filter(document -> document.path("kind").asText().equals("AgentPool"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(file + " has no AgentPool"));
  }

  private static List<JsonNode> documents(Path file) {
    try {
      List<JsonNode> documents = new ArrayList<>();
      YAML.readerFor(JsonNode.class)
          .<JsonNode>readValues(Project.text(file))
          .forEachRemaining(documents::add);
      return documents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.strata.api.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Each rule of the schema has a bad example, crd/invalid-*.yaml, that expects its sentence. */
class RulesHaveExamplesTest {
  private static final Path FOLDER = Path.of("src/test/resources/crd");
  private static final String EXPECT = "# expect: ";

  @Test
  void eachSentenceIsExpectedSomewhere() throws IOException {
    var expected = new TreeSet<String>();
    try (var files = Files.newDirectoryStream(FOLDER, "invalid-*.yaml")) {
      for (var file : files) {
        expected.add(Files.readAllLines(file).getFirst().substring(EXPECT.length()));
      }
    }
    var without = new TreeSet<String>();
    CrdFiles.generate()
        .values()
        .forEach(
            yaml ->
                collect(Serialization.unmarshal(yaml, CustomResourceDefinition.class), without));

    assertThat(without).as("rules of the schema").isNotEmpty();
    without.removeIf(message -> expected.stream().anyMatch(message::contains));
    assertThat(without).as("write an invalid-*.yaml for these").isEmpty();
  }

  private static void collect(CustomResourceDefinition crd, Set<String> messages) {
    var root = crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
    new SchemaWalk(
            (path, field) ->
                field.getXKubernetesValidations().forEach(rule -> messages.add(rule.getMessage())))
        .walk(root);
  }
}

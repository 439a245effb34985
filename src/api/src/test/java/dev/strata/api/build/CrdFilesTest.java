package dev.strata.api.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The committed CRDs are what the records say. With {@code -Dcrds.update=true} this test writes
 * them instead.
 */
class CrdFilesTest {
  private static final Path ROOT = Path.of(System.getProperty("strata.root", "../.."));
  private static final List<Path> FOLDERS =
      List.of(ROOT.resolve("crds"), ROOT.resolve("helm/strata/files/crds"));
  private static final int KUBECTL_APPLY_LIMIT_BYTES = 200_000;

  private final Map<String, String> generated = CrdFiles.generate();

  @Test
  void committedFilesAreWhatTheRecordsSay() throws IOException {
    for (var folder : FOLDERS) {
      if (Boolean.getBoolean("crds.update")) {
        write(folder);
      }
      assertThat(read(folder))
          .as("%s differs from the records of src/api: run `make crds` and commit", folder)
          .isEqualTo(generated);
    }
  }

  @Test
  void everyCrdIsSmallEnoughForKubectlApply() {
    generated.forEach(
        (name, yaml) -> {
          var crd = Serialization.unmarshal(yaml, CustomResourceDefinition.class);
          assertThat(Serialization.asJson(crd).length())
              .as("compact size of %s: kubectl apply keeps it in an annotation", name)
              .isLessThan(KUBECTL_APPLY_LIMIT_BYTES);
        });
  }

  private static Map<String, String> read(Path folder) throws IOException {
    var found = new TreeMap<String, String>();
    if (Files.isDirectory(folder)) {
      try (var files = Files.list(folder)) {
        for (var file : files.toList()) {
          found.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return found;
  }

  private void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (var stale : read(folder).keySet()) {
      if (!generated.containsKey(stale)) {
        Files.delete(folder.resolve(stale));
      }
    }
    for (var file : generated.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }
}

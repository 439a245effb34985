package dev.strata.e2e;

import dev.strata.harness.HelmCall;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The chart as it is rendered: what a test asks of it. */
record Chart(List<HasMetadata> objects) {
  /** Helm's library leaves hooks out of what it renders: in this copy they are none. */
  private static final Path OPEN = withoutHooks();

  static Path folder() {
    return Project.root().resolve("helm/strata");
  }

  /** The sets of values that show what the chart is for. */
  static List<Path> valueSets() {
    return Project.files("helm/strata/ci");
  }

  static Chart of(HelmCall call, KubernetesClient client) {
    var shown = new HelmCall(OPEN, call.release(), call.namespace(), call.files(), call.values());
    return new Chart(
        client
            .load(new ByteArrayInputStream(shown.template().getBytes(StandardCharsets.UTF_8)))
            .items());
  }

  private static Path withoutHooks() {
    try {
      Path copy = Files.createTempDirectory(Project.root().resolve("src/e2e/target"), "chart-");
      copy(copy);
      Path helpers = copy.resolve("templates/_helpers.tpl");
      Files.writeString(
          helpers,
          Project.text(helpers).replace("helm.sh/hook: test", "strata.dev/was-hook: test"));
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void copy(Path to) throws IOException {
    Path from = folder();
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  static Chart of(Map<String, String> values, KubernetesClient client) {
    return of(HelmCall.of(folder(), "strata", "strata-system").with(values), client);
  }

  <T> Stream<T> all(Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast);
  }

  <T> T only(Class<T> type) {
    List<T> found = all(type).toList();
    if (found.size() != 1) {
      throw new AssertionError("one " + type.getSimpleName() + " expected, not " + found.size());
    }
    return found.getFirst();
  }

  List<String> names(Class<? extends HasMetadata> type) {
    return all(type).map(object -> object.getMetadata().getName()).sorted().toList();
  }
}

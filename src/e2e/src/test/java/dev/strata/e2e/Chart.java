package dev.strata.e2e;

import dev.strata.harness.HelmCall;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The chart as it is rendered: what a test asks of it. */
record Chart(List<HasMetadata> objects) {
  static Path folder() {
    return Project.root().resolve("helm/strata");
  }

  /** The sets of values that show what the chart is for. */
  static List<Path> valueSets() {
    return Project.files("helm/strata/ci");
  }

  static Chart of(HelmCall call, KubernetesClient client) {
    return new Chart(
        client
            .load(new ByteArrayInputStream(call.template().getBytes(StandardCharsets.UTF_8)))
            .items());
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

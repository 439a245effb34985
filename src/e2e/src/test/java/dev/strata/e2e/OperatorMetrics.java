package dev.strata.e2e;

import dev.strata.harness.Cluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the operator says of itself under /q/metrics.
 *
 * @param lines of the Prometheus text, without comments
 */
record OperatorMetrics(List<String> lines) {
  static OperatorMetrics of(Cluster cluster) {
    try (var in = URI.create(cluster.operator().url() + "/q/metrics").toURL().openStream()) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new OperatorMetrics(text.lines().filter(line -> !line.startsWith("#")).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The counter with this label; 0 when nothing was counted yet. */
  long count(String name, String label) {
    return (long)
        lines.stream()
            .filter(line -> line.startsWith(name + "{") && line.contains(label))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }
}

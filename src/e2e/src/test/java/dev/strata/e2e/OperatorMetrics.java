package dev.strata.e2e;

import dev.strata.harness.Cluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/**
 * What the operator says of itself under /q/metrics.
 *
 * @param lines of the Prometheus text, without comments
 */
record OperatorMetrics(List<String> lines) {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  static OperatorMetrics of(Cluster cluster) {
    var request =
        HttpRequest.newBuilder(URI.create(cluster.operator().url() + "/q/metrics"))
            .timeout(LIMIT)
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      String text = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      return new OperatorMetrics(text.lines().filter(line -> !line.startsWith("#")).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
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

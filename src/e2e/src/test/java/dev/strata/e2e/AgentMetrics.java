package dev.strata.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * What an agent says of itself under /metrics.
 *
 * @param text the Prometheus text
 */
record AgentMetrics(String text) {
  static AgentMetrics of(Pod pod) {
    String url = "http://%s:%d/metrics".formatted(pod.getStatus().getPodIP(), PoolTasks.AGENT_PORT);
    try (var in = URI.create(url).toURL().openStream()) {
      return new AgentMetrics(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tasks that it has in its hands. */
  int inFlight() {
    return (int)
        text.lines()
            .filter(line -> line.startsWith("strata_agent_inflight"))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no gauge of tasks in flight in:\n" + text));
  }
}

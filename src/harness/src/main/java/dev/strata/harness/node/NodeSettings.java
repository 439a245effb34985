package dev.strata.harness.node;

import java.time.Duration;
import java.util.Map;

/**
 * What a process node says of itself and how it behaves. Capacities are what the scheduler counts
 * with; nothing enforces them.
 *
 * @param cpu capacity, a Kubernetes quantity
 * @param memory capacity, a Kubernetes quantity
 * @param pods capacity
 * @param labels beside kubernetes.io/hostname, os and arch
 * @param restartBackoff pause before the second restart of a container, doubled for each further
 *     one up to five minutes; the first restart comes at once
 */
public record NodeSettings(
    String cpu, String memory, int pods, Map<String, String> labels, Duration restartBackoff) {

  public NodeSettings {
    labels = Map.copyOf(labels);
  }

  /** 8 CPUs, 16 GiB, 110 pods, a kubelet's ten seconds. */
  public static NodeSettings usual() {
    return new NodeSettings("8", "16Gi", 110, Map.of(), Duration.ofSeconds(10));
  }

  public NodeSettings withCapacity(String newCpu, String newMemory, int newPods) {
    return new NodeSettings(newCpu, newMemory, newPods, labels, restartBackoff);
  }

  public NodeSettings withLabels(Map<String, String> newLabels) {
    return new NodeSettings(cpu, memory, pods, newLabels, restartBackoff);
  }

  public NodeSettings withRestartBackoff(Duration pause) {
    return new NodeSettings(cpu, memory, pods, labels, pause);
  }
}

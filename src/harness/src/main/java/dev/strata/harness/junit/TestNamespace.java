package dev.strata.harness.junit;

import dev.strata.harness.ControlPlane;
import dev.strata.harness.node.ProcessNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/**
 * A namespace for one test.
 *
 * @param name of the namespace
 * @param controlPlane shared with other tests
 * @param nodes shared with other tests
 */
public record TestNamespace(String name, ControlPlane controlPlane, List<ProcessNode> nodes) {
  public TestNamespace {
    nodes = List.copyOf(nodes);
  }

  /** The administrator's client. */
  public KubernetesClient client() {
    return controlPlane.client();
  }
}

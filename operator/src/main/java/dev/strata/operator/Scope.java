package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whose pools an operator keeps. With namespaces named, it asks for nothing outside of them: its
 * rights end there too, and other operators may keep the rest.
 *
 * @param namespaces empty for all
 */
record Scope(Set<String> namespaces) {
  Scope {
    namespaces = Set.copyOf(namespaces);
  }

  static Scope of(OperatorConfig config) {
    return new Scope(Set.copyOf(config.watchNamespaces().orElse(List.of())));
  }

  boolean wholeCluster() {
    return namespaces.isEmpty();
  }

  boolean has(String namespace) {
    return wholeCluster() || namespaces.contains(namespace);
  }

  /** All pools that there are, from the API server. */
  Stream<AgentPool> pools(KubernetesClient client) {
    var pools = client.resources(AgentPool.class);
    return wholeCluster()
        ? pools.inAnyNamespace().list().getItems().stream()
        : namespaces.stream().flatMap(n -> pools.inNamespace(n).list().getItems().stream());
  }
}

package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which nodes are ready. A change of that concerns every pool with a pod there. */
final class Nodes {
  private final InformerEventSource<Node, AgentPool> source;

  Nodes(EventSourceContext<AgentPool> context, PoolResources<Pod> pods) {
    this.source =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Node.class, AgentPool.class)
                .withName("nodes")
                .withWatchAllNamespaces()
                .withSecondaryToPrimaryMapper(node -> poolsOn(node, pods))
                .withOnUpdateFilter((now, old) -> isReady(now) != isReady(old))
                .build(),
            context);
  }

  InformerEventSource<Node, AgentPool> source() {
    return source;
  }

  /**
   * Whether a node exists and says that it is ready. A pod that is not bound has no node that could
   * fail.
   */
  boolean ready(@Nullable String name) {
    return name == null || source.get(new ResourceID(name)).map(Nodes::isReady).orElse(false);
  }

  private static boolean isReady(Node node) {
    return node.getStatus() != null
        && node.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  private static Set<ResourceID> poolsOn(Node node, PoolResources<Pod> pods) {
    String name = node.getMetadata().getName();
    return pods.list(pod -> name.equals(pod.getSpec().getNodeName()))
        .map(
            pod ->
                new ResourceID(
                    pod.getMetadata().getLabels().get(Names.POOL),
                    pod.getMetadata().getNamespace()))
        .collect(Collectors.toSet());
  }
}

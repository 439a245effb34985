package dev.strata.operator;

import dev.strata.api.v1alpha1.AffinitySpec;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.PreferredSchedulingTermBuilder;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns our compact affinity into Kubernetes' own. */
final class PodAffinity {
  private PodAffinity() {}

  static @Nullable Affinity of(@Nullable AffinitySpec spec) {
    if (spec == null) {
      return null;
    }
    var builder = new AffinityBuilder();
    var node = spec.nodeAffinity();
    if (node != null) {
      var nodes = builder.withNewNodeAffinity();
      if (!node.required().isEmpty()) {
        nodes
            .withNewRequiredDuringSchedulingIgnoredDuringExecution()
            .withNodeSelectorTerms(
                node.required().stream().map(t -> term(t.matchExpressions())).toList())
            .endRequiredDuringSchedulingIgnoredDuringExecution();
      }
      nodes
          .withPreferredDuringSchedulingIgnoredDuringExecution(
              node.preferred().stream()
                  .map(
                      t ->
                          new PreferredSchedulingTermBuilder()
                              .withWeight(t.weight())
                              .withPreference(term(t.matchExpressions()))
                              .build())
                  .toList())
          .endNodeAffinity();
    }
    var pod = spec.podAntiAffinity();
    if (pod != null) {
      builder
          .withNewPodAntiAffinity()
          .withRequiredDuringSchedulingIgnoredDuringExecution(
              pod.required().stream().map(t -> apart(t.topologyKey(), t.matchLabels())).toList())
          .withPreferredDuringSchedulingIgnoredDuringExecution(
              pod.preferred().stream()
                  .map(
                      t ->
                          new WeightedPodAffinityTerm(
                              apart(t.topologyKey(), t.matchLabels()), t.weight()))
                  .toList())
          .endPodAntiAffinity();
    }
    return builder.build();
  }

  private static NodeSelectorTerm term(List<AffinitySpec.NodeExpression> expressions) {
    return new NodeSelectorTerm(
        expressions.stream()
            .map(e -> new NodeSelectorRequirement(e.key(), operator(e.operator()), e.values()))
            .toList(),
        List.of());
  }

  private static String operator(AffinitySpec.NodeOperator operator) {
    return switch (operator) {
      case IN -> "In";
      case NOT_IN -> "NotIn";
      case EXISTS -> "Exists";
      case DOES_NOT_EXIST -> "DoesNotExist";
      case GT -> "Gt";
      case LT -> "Lt";
    };
  }

  private static PodAffinityTerm apart(String topologyKey, Map<String, String> labels) {
    return new PodAffinityTermBuilder()
        .withTopologyKey(topologyKey)
        .withNewLabelSelector()
        .withMatchLabels(labels)
        .endLabelSelector()
        .build();
  }
}

package dev.strata.api.build;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinitionBuilder;
import java.util.List;
import java.util.Map;

/** What kubectl shows of each kind: the columns of get, the first sentences of explain. */
final class ShownKinds {
  private static final String AGE = ".metadata.creationTimestamp";

  private static final Map<String, Shown> KINDS =
      Map.of("AgentPool", agentPool(), "QualityGate", gate(), "QualityGateProfile", profile());

  private ShownKinds() {}

  /**
   * What is shown of one kind.
   *
   * @param columns in their order
   * @param descriptions by path: of the kind, of its spec and of its status
   */
  record Shown(List<CustomResourceColumnDefinition> columns, Map<String, String> descriptions) {
    Shown(List<CustomResourceColumnDefinition> columns, String kind, String spec, String status) {
      this(columns, Map.of("", kind, ".spec", spec, ".status", status));
    }
  }

  static Shown of(String kind) {
    var shown = KINDS.get(kind);
    if (shown == null) {
      throw new IllegalStateException("the kind " + kind + " has no columns: add it to ShownKinds");
    }
    return shown;
  }

  private static Shown agentPool() {
    return new Shown(
        List.of(
            column("Ready", "integer", ".status.readyReplicas", "Active agents that take work."),
            column("Warm", "integer", ".status.warm", "Spares that are ready."),
            column("Desired", "integer", ".spec.replicas", "Active agents that are wanted."),
            column(
                "Hit%",
                "integer",
                ".status.spawn.hitPercent",
                "Share of spawns that a spare served, in percent."),
            column("Status", "string", condition("Ready", "reason"), "Why it is ready or not."),
            column(
                "Gate",
                "string",
                condition("QualityGatesSatisfied", "status"),
                "Whether the targets of its quality gates hold."),
            column("Age", "date", AGE, "Time since the creation."),
            wide("Starting", "integer", ".status.starting", "Agents that are not ready yet."),
            wide("Revision", "string", ".status.revision", "The template revision wanted."),
            wide("Message", "string", condition("Ready", "message"), "The same in a sentence.")),
        "A pool of agents: programs that take tasks and give results. The pool keeps the wanted"
            + " number of them alive, with spares beside them, and replaces the ones that die.",
        "What you want of the pool.",
        "What the operator saw and did last. You read it, the operator writes it.");
  }

  private static Shown gate() {
    return new Shown(
        List.of(
            column("Pool", "string", ".spec.poolRef.name", "The pool that is judged."),
            column(
                "Satisfied",
                "string",
                condition("Satisfied", "status"),
                "Whether the required objectives hold."),
            column("Met", "string", ".status.met", "Objectives that are met, of how many."),
            column("Violated", "integer", ".status.violated", "Objectives that are violated."),
            column(
                "Unknown",
                "integer",
                ".status.unknown",
                "Objectives of which nothing can be said."),
            column("Mode", "string", ".spec.mode", "What follows from a verdict."),
            column(
                "Enforcing",
                "string",
                condition("Enforcing", "reason"),
                "What is being held now, in one word."),
            column("Age", "date", AGE, "Time since the creation."),
            wide("Worst", "string", ".status.worst", "The objective furthest beyond its target."),
            wide("Ready", "string", condition("Ready", "reason"), "Whether it is being evaluated."),
            wide(
                "Message",
                "string",
                condition("Satisfied", "message"),
                "Why it is satisfied or not.")),
        "The performance targets of one pool, judged all the time from what its agents and nodes"
            + " report. `kubectl wait --for=condition=Satisfied` waits until they hold.",
        "Which targets are judged for which pool, and what follows.",
        "How the targets stand. You read it, the operator writes it.");
  }

  private static Shown profile() {
    return new Shown(
        List.of(
            column("Layer", "string", ".spec.layer", "The layer that the objectives speak of."),
            column("Objectives", "integer", ".status.objectiveCount", "How many there are."),
            column("Version", "string", ".spec.version", "Version of the objectives."),
            column(
                "Accepted", "string", condition("Accepted", "status"), "Whether gates can use it."),
            column("Age", "date", AGE, "Time since the creation.")),
        "Performance targets of one layer, which gates of all namespaces can name. The operator"
            + " ships four: application, coordination, transport and physical.",
        "The targets.",
        "What the operator made of it. You read it, the operator writes it.");
  }

  private static String condition(String type, String field) {
    return ".status.conditions[?(@.type==\"" + type + "\")]." + field;
  }

  private static CustomResourceColumnDefinition column(
      String name, String type, String jsonPath, String description) {
    return builder(name, type, jsonPath, description).build();
  }

  /** A column that only {@code -o wide} shows. */
  private static CustomResourceColumnDefinition wide(
      String name, String type, String jsonPath, String description) {
    return builder(name, type, jsonPath, description).withPriority(1).build();
  }

  private static CustomResourceColumnDefinitionBuilder builder(
      String name, String type, String jsonPath, String description) {
    return new CustomResourceColumnDefinitionBuilder()
        .withName(name)
        .withType(type)
        .withJsonPath(jsonPath)
        .withDescription(description);
  }
}

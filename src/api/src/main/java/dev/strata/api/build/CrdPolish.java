package dev.strata.api.build;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.Map;

/**
 * Finishes what the generator leaves open: the order of the printer columns (it sorts them by
 * name), defaults of sections, lists that are maps by a key, bounds without which the cost of the
 * CEL rules has no limit, and the rule that no field is without a description.
 */
public final class CrdPolish implements CRDPostProcessor {
  private static final String READY = ".status.conditions[?(@.type==\"Ready\")]";

  private static final List<CustomResourceColumnDefinition> COLUMNS =
      List.of(
          column("Ready", "integer", ".status.readyReplicas", 0, "Active agents that take work."),
          column("Warm", "integer", ".status.warm", 0, "Spares that are ready."),
          column("Desired", "integer", ".spec.replicas", 0, "Active agents that are wanted."),
          column(
              "Hit%",
              "integer",
              ".status.spawn.hitPercent",
              0,
              "Share of spawns that a spare served, in percent."),
          column("Status", "string", READY + ".reason", 0, "Reason of the condition Ready."),
          column("Age", "date", ".metadata.creationTimestamp", 0, "Time since the creation."),
          column("Starting", "integer", ".status.starting", 1, "Agents that are not ready yet."),
          column("Revision", "string", ".status.revision", 1, "The template revision wanted."),
          column("Message", "string", READY + ".message", 1, "Message of the condition Ready."));

  private static final Map<String, String> DESCRIPTIONS =
      Map.of(
          "",
          "A pool of agents: programs that take tasks and give results. The pool keeps the wanted"
              + " number of them alive, with spares beside them, and replaces the ones that die.",
          ".spec",
          "What you want of the pool.",
          ".status",
          "What the operator saw and did last. You read it, the operator writes it.");

  @Override
  public HasMetadata process(HasMetadata crd, String crdSpecVersion) {
    if (crd instanceof CustomResourceDefinition definition) {
      definition.getSpec().getVersions().forEach(CrdPolish::polish);
    }
    return crd;
  }

  private static void polish(CustomResourceDefinitionVersion version) {
    version.setAdditionalPrinterColumns(COLUMNS);
    var root = version.getSchema().getOpenAPIV3Schema();
    new SchemaWalk(CrdPolish::describe).walk(root);
    new SchemaWalk(CrdPolish::emptyDefault).walk(root);
    var bounds = new SchemaBounds();
    new SchemaWalk(bounds::apply).walk(root);
    bounds.failOnUnused();
    new SchemaWalk(CrdPolish::failWithoutDescription).walk(root);
  }

  private static void describe(String path, JSONSchemaProps field) {
    var text = DESCRIPTIONS.get(path);
    if (text != null) {
      field.setDescription(text);
    }
  }

  /**
   * The generator reads a default of {@code {}} into the record and writes the record's zeros; the
   * API server is to fill in the defaults of the fields.
   */
  private static void emptyDefault(String path, JSONSchemaProps field) {
    if ("object".equals(field.getType()) && field.getDefault() != null) {
      field.setDefault(JsonNodeFactory.instance.objectNode());
    }
  }

  private static void failWithoutDescription(String path, JSONSchemaProps field) {
    // Items of a list and values of a map are explained by the field that holds them.
    if (path.endsWith("[]") || path.endsWith("{}")) {
      return;
    }
    if (field.getDescription() == null || field.getDescription().isBlank()) {
      throw new IllegalStateException(
          "the field '"
              + path
              + "' of the CRD has no description: put @JsonPropertyDescription on its record"
              + " component");
    }
  }

  private static CustomResourceColumnDefinition column(
      String name, String type, String jsonPath, int priority, String description) {
    return new CustomResourceColumnDefinitionBuilder()
        .withName(name)
        .withType(type)
        .withJsonPath(jsonPath)
        .withPriority(priority == 0 ? null : priority) // 0 is not stored
        .withDescription(description)
        .build();
  }
}

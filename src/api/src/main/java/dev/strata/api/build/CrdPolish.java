package dev.strata.api.build;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import org.jspecify.annotations.Nullable;

/**
 * Finishes what the generator leaves open: the order of the printer columns (it sorts them by
 * name), defaults of sections, lists that are maps by a key, bounds without which the cost of the
 * CEL rules has no limit, and the rule that no field is without a description.
 */
public final class CrdPolish implements CRDPostProcessor {
  private final SchemaBounds bounds = new SchemaBounds();

  @Override
  public HasMetadata process(HasMetadata crd, String crdSpecVersion) {
    if (crd instanceof CustomResourceDefinition definition) {
      var shown = ShownKinds.of(definition.getSpec().getNames().getKind());
      definition.getSpec().getVersions().forEach(version -> polish(version, shown));
    }
    return crd;
  }

  /** To be called after all kinds: whether each bound fitted a field of one of them. */
  void failOnUnusedBounds() {
    bounds.failOnUnused();
  }

  private void polish(CustomResourceDefinitionVersion version, ShownKinds.Shown shown) {
    version.setAdditionalPrinterColumns(shown.columns());
    var root = version.getSchema().getOpenAPIV3Schema();
    new SchemaWalk((path, field) -> describe(shown.descriptions().get(path), field)).walk(root);
    new SchemaWalk(CrdPolish::emptyDefault).walk(root);
    new SchemaWalk(bounds::apply).walk(root);
    new SchemaWalk(CrdPolish::failWithoutDescription).walk(root);
  }

  private static void describe(@Nullable String text, JSONSchemaProps field) {
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
}

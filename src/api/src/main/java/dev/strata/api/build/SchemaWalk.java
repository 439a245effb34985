package dev.strata.api.build;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.function.BiConsumer;

/**
 * Visits every schema below a root with its path, such as {@code .spec.template.env[].name} or
 * {@code .spec.template.labels{}}.
 */
record SchemaWalk(BiConsumer<String, JSONSchemaProps> visitor) {

  void walk(JSONSchemaProps root) {
    walk("", root);
  }

  private void walk(String path, JSONSchemaProps schema) {
    visitor.accept(path, schema);
    if (schema.getProperties() != null) {
      schema.getProperties().forEach((name, field) -> walk(path + "." + name, field));
    }
    if (schema.getItems() != null && schema.getItems().getSchema() != null) {
      walk(path + "[]", schema.getItems().getSchema());
    }
    if (schema.getAdditionalProperties() != null
        && schema.getAdditionalProperties().getSchema() != null) {
      walk(path + "{}", schema.getAdditionalProperties().getSchema());
    }
  }
}

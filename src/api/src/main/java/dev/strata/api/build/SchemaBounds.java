package dev.strata.api.build;

import static java.util.Comparator.comparingInt;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of texts, lists and maps, and the keys of lists that are maps. The API server multiplies
 * them into the worst cost of each CEL rule and refuses a CRD whose rules could cost too much, so
 * everything in spec has a bound. The keys below are ends of paths.
 */
final class SchemaBounds {
  private static final long TEXT = 253;
  private static final long ITEMS = 16;
  private static final long ENTRIES = 16;

  /** As long as one argument of a process can usefully be: scripts stand in arguments. */
  private static final long LONG_TEXT = 32_768;

  private static final Map<String, Long> TEXTS =
      Map.ofEntries(
          Map.entry(".java.name", 63L),
          Map.entry(".http.url", 2_048L),
          Map.entry(".openai.baseUrl", 2_048L),
          Map.entry(".openai.systemPrompt", LONG_TEXT),
          Map.entry(".validation.pattern", 4_096L),
          Map.entry(".validation.jsonSchema", LONG_TEXT),
          Map.entry(".command[]", LONG_TEXT),
          Map.entry(".args[]", LONG_TEXT),
          Map.entry(".image", 1_024L),
          Map.entry(".env[].value", LONG_TEXT),
          Map.entry(".fieldPath", 512L),
          Map.entry(".template.labels{}", 63L),
          Map.entry(".template.annotations{}", LONG_TEXT),
          Map.entry(".nodeSelector{}", 63L),
          Map.entry(".matchLabels{}", 63L),
          Map.entry(".matchExpressions[].key", 317L),
          Map.entry(".matchExpressions[].values[]", 63L),
          Map.entry(".topologyKey", 317L),
          Map.entry(".tolerations[].key", 317L),
          Map.entry(".tolerations[].value", 63L),
          Map.entry(".volumes[].name", 63L),
          Map.entry(".volumeMounts[].name", 63L),
          Map.entry(".mountPath", 1_024L),
          Map.entry(".subPath", 1_024L),
          Map.entry(".path", 512L),
          Map.entry(".containers[].name", 63L),
          Map.entry(".ports[].name", 15L),
          Map.entry(".requests{}", 64L),
          Map.entry(".limits{}", 64L),
          Map.entry(".sizeLimit", 64L),
          Map.entry(".poolRef.name", 40L),
          Map.entry(".verifier.pool", 40L),
          Map.entry(".objective", 40L),
          Map.entry(".objectives[].name", 40L),
          Map.entry(".signal", 40L),
          Map.entry(".definition", 1_000L),
          Map.entry(".spec.description", 1_000L),
          Map.entry(".spec.version", 20L),
          Map.entry(".threshold", 24L),
          Map.entry(".target", 24L),
          Map.entry(".atLeast", 24L),
          Map.entry(".atMost", 24L),
          Map.entry(".reason", 1_000L));

  private static final Map<String, Long> LISTS =
      Map.ofEntries(
          Map.entry(".command", 256L),
          Map.entry(".args", 256L),
          Map.entry(".env", 128L),
          Map.entry(".items", 32L),
          Map.entry(".values", 64L),
          Map.entry(".volumes", 16L),
          Map.entry(".volumeMounts", 32L),
          Map.entry(".sources", 8L),
          Map.entry(".containers", 8L),
          Map.entry(".profiles", 8L),
          Map.entry(".objectives", 40L),
          Map.entry(".enforcement", 8L),
          Map.entry(".overrides", 40L));

  private static final Map<String, Long> MAPS =
      Map.of(".template.labels", 64L, ".template.annotations", 64L);

  private static final Map<String, String> LIST_KEYS =
      Map.of(
          ".status.conditions", "type",
          ".env", "name",
          ".volumes", "name",
          ".containers", "name",
          ".volumeMounts", "mountPath",
          ".ports", "containerPort",
          ".objectives", "name",
          ".overrides", "objective");

  private final Set<String> used = new HashSet<>();

  void apply(String path, JSONSchemaProps field) {
    if ("array".equals(field.getType())) {
      // A list of names is called as the list of what it names, and has no key.
      boolean objects = "object".equals(field.getItems().getSchema().getType());
      var key = objects ? find(LIST_KEYS, path) : null;
      field.setXKubernetesListType(key == null ? "atomic" : "map");
      if (key != null) {
        field.setXKubernetesListMapKeys(List.of(key));
      }
    }
    if (path.startsWith(".spec.")) {
      bind(path, field);
    }
  }

  /** A table entry that fits no field is a spelling error or left over: the build says so. */
  void failOnUnused() {
    var unused = new TreeSet<String>();
    for (var table : List.of(TEXTS, LISTS, MAPS, LIST_KEYS)) {
      unused.addAll(table.keySet());
    }
    unused.removeAll(used);
    if (!unused.isEmpty()) {
      throw new IllegalStateException(
          "these entries of SchemaBounds fit no field of the CRD: "
              + unused
              + ": correct or remove them");
    }
  }

  private void bind(String path, JSONSchemaProps field) {
    if ("array".equals(field.getType())) {
      field.setMaxItems(bound(LISTS, path, ITEMS));
    } else if (field.getAdditionalProperties() != null) {
      field.setMaxProperties(bound(MAPS, path, ENTRIES));
    } else if (field.getEnum() == null || field.getEnum().isEmpty()) {
      if ("string".equals(field.getType())
          || Boolean.TRUE.equals(field.getXKubernetesIntOrString())) {
        field.setMaxLength(bound(TEXTS, path, TEXT));
      }
    }
  }

  private long bound(Map<String, Long> table, String path, long otherwise) {
    var found = find(table, path);
    return found == null ? otherwise : found;
  }

  /** The entry with the longest end of the path: a general one gives way to a special one. */
  private <T> @Nullable T find(Map<String, T> table, String path) {
    var fitting = table.keySet().stream().filter(path::endsWith).max(comparingInt(String::length));
    fitting.ifPresent(used::add);
    return fitting.map(table::get).orElse(null);
  }
}

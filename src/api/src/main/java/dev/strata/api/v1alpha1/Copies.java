package dev.strata.api.v1alpha1;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Immutable copies of what was read, empty for what was left out. Maps come out in the order of
 * their keys, so equal templates have equal text whatever order the user wrote.
 */
final class Copies {
  private Copies() {}

  static <T> List<T> of(@Nullable List<T> given) {
    return given == null ? List.of() : List.copyOf(given);
  }

  static <T> Map<String, T> of(@Nullable Map<String, T> given) {
    return given == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(given));
  }
}

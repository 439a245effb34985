package dev.strata.api.v1alpha1;

/**
 * Numbers with a unit, as regular expressions for the rules of the schema: what has a unit is never
 * a float.
 */
final class Quantities {
  /** A percentage, such as 99.5%, from 0 to below 1000. */
  static final String PERCENT = "^[0-9]{1,3}([.][0-9]{1,4})?%$";

  /** A percentage, a time, a size, a rate by the second, or degrees Celsius. */
  static final String ANY =
      "^[0-9]{1,12}([.][0-9]{1,4})?(%|ms|s|m|h|B|kB|MB|GB|TB|KiB|MiB|GiB|TiB|/s|C)$";

  /** What {@link #ANY} lets through, for messages. */
  static final String EXAMPLES = "500ms, 2s, 100MB, 1000/s, 80C or 85%";

  private Quantities() {}
}

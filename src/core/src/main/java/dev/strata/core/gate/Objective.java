package dev.strata.core.gate;

/**
 * One performance target as it is judged, overrides applied.
 *
 * @param name such as response-time; unique in a gate
 * @param layer where it belongs
 * @param required whether it decides about the gate; others are shown only
 * @param rule how it is judged
 * @param window what is looked back on
 * @param minSamples events (slices, batches) that a verdict needs, at least 1
 * @param weight its weight in alignment, at least 1
 */
public record Objective(
    String name,
    Layer layer,
    boolean required,
    Rule rule,
    Window window,
    long minSamples,
    int weight) {

  public Objective {
    if (minSamples < 1 || weight < 1) {
      throw new IllegalArgumentException(name + ": minSamples and weight are at least 1");
    }
  }

  /** What is needed to keep a verdict once there is one: three quarters. */
  long samplesToStay() {
    return samplesToStay(minSamples);
  }

  static long samplesToStay(long minSamples) {
    return Math.ceilDiv(3 * minSamples, 4);
  }
}

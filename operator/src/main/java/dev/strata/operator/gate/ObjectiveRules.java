package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.ObjectiveSpec;
import dev.strata.api.v1alpha1.RatioSpec;
import dev.strata.api.v1alpha1.ShareSpec;
import dev.strata.api.v1alpha1.SlicesSpec;
import dev.strata.core.gate.Bounds;
import dev.strata.core.gate.Measure;
import dev.strata.core.gate.Measure.Kind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What makes an objective one that can be judged. Of those that somebody wrote the schema has asked
 * most of it; of those that an override has made out of two it could not.
 */
final class ObjectiveRules {
  private static final int LEAST_SLICE_SECONDS = 10;

  /** What one event or slice of a signal is measured in. */
  private static final Map<String, Kind> THRESHOLDS =
      Map.ofEntries(
          Map.entry("response-time", Kind.DURATION),
          Map.entry("auto-recovery", Kind.DURATION),
          Map.entry("spawn", Kind.DURATION),
          Map.entry("agent-latency", Kind.DURATION),
          Map.entry("allocation", Kind.DURATION),
          Map.entry("gate-processing", Kind.DURATION),
          Map.entry("delivery-local", Kind.DURATION),
          Map.entry("delivery-remote", Kind.DURATION),
          Map.entry("adaptation", Kind.DURATION),
          Map.entry("failover", Kind.DURATION),
          Map.entry("sched-latency", Kind.DURATION),
          Map.entry(Throughput.SIGNAL, Kind.RATE));

  /** What the values and slices of a signal are measured in. */
  private static final Map<String, Kind> VALUES =
      Map.of(
          "agent-memory", Kind.SIZE,
          "temperature", Kind.TEMPERATURE,
          "balance", Kind.SHARE,
          "cpu", Kind.SHARE,
          "disk", Kind.SHARE,
          "network", Kind.SHARE);

  private ObjectiveRules() {}

  /**
   * Looks at an objective whose overrides are applied.
   *
   * @throws IllegalArgumentException when it could never be judged; says what to write instead
   */
  static void check(ObjectiveSpec spec) {
    if (spec.threshold() != null && THRESHOLDS.containsKey(spec.signal())) {
      threshold(spec.signal(), spec.threshold());
    }
    if (spec.share() != null) {
      share(spec.share().atLeast(), spec.minSamples());
    } else if (spec.lastEvents() != null) {
      throw new IllegalArgumentException(ObjectiveSpec.LAST_EVENTS_UNCOUNTED);
    }
    if (spec.lastEvents() != null && spec.lastEvents() < spec.minSamples()) {
      throw new IllegalArgumentException(ObjectiveSpec.LAST_EVENTS_FEW);
    }
    if (spec.ratio() != null) {
      ratio(spec.ratio());
    }
    if (spec.value() != null) {
      bound(spec.signal(), spec.value().atLeast());
      bound(spec.signal(), spec.value().atMost());
    }
    if (spec.slices() != null) {
      slices(spec, spec.slices());
    }
  }

  /**
   * A threshold in the base unit of its kind, in which events are counted.
   *
   * @throws IllegalArgumentException when it is of another kind or no whole number
   */
  static long threshold(String signal, String text) {
    double value = Measure.parse(text, THRESHOLDS.getOrDefault(signal, Kind.DURATION));
    long whole = Math.round(value);
    if (whole < 1 || Math.abs(value - whole) > 1e-6) {
      throw new IllegalArgumentException(
          "the threshold %s is no whole number of milliseconds, or of events a second: write one from 1 on, such as 500ms"
              .formatted(text));
    }
    return whole;
  }

  /** So many good events without a bad one show a share with 95 % confidence, and fewer do not. */
  private static void share(String target, int samples) {
    double share = Measure.parse(target, Kind.SHARE);
    if (share >= 1) {
      throw new IllegalArgumentException(ShareSpec.UNPROVABLE);
    }
    if (share < 0.5) {
      throw new IllegalArgumentException(ShareSpec.OF_THE_BAD);
    }
    long least = Bounds.leastSamples(share);
    if (samples < least) {
      throw new IllegalArgumentException(
          "minSamples is %d, and %s needs at least %d: raise minSamples, or lower the target"
              .formatted(samples, target, least));
    }
  }

  private static void ratio(RatioSpec ratio) {
    if (ratio.atMost() != null) {
      Measure.parse(ratio.atMost(), Kind.SHARE);
    }
    if (ratio.atLeast() != null && Measure.parse(ratio.atLeast(), Kind.SHARE) >= 1) {
      throw new IllegalArgumentException(RatioSpec.UNPROVABLE);
    }
  }

  private static void slices(ObjectiveSpec spec, SlicesSpec slices) {
    bound(spec.signal(), slices.atLeast());
    bound(spec.signal(), slices.atMost());
    if (spec.windowSeconds() < slices.of() * LEAST_SLICE_SECONDS) {
      throw new IllegalArgumentException(ObjectiveSpec.SLICES_SHORT);
    }
    if (spec.minSamples() > slices.of()) {
      throw new IllegalArgumentException(ObjectiveSpec.SLICES_FEW);
    }
  }

  /** Of a signal that nobody knows, only that it is a measure. */
  private static void bound(String signal, @Nullable String text) {
    Kind kind = VALUES.get(signal);
    if (text != null && kind != null) {
      Measure.parse(text, kind);
    }
  }
}

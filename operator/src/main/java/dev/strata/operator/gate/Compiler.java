package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.BurnSpec;
import dev.strata.api.v1alpha1.ObjectiveSpec;
import dev.strata.core.gate.Burn;
import dev.strata.core.gate.Cause;
import dev.strata.core.gate.Figures;
import dev.strata.core.gate.Layer;
import dev.strata.core.gate.Measure;
import dev.strata.core.gate.Measure.Kind;
import dev.strata.core.gate.Objective;
import dev.strata.core.gate.Rule;
import dev.strata.core.gate.Side;
import dev.strata.core.gate.Window;
import dev.strata.core.signal.PoolSignals;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes targets of objectives: reads the units and finds the source of each signal. */
final class Compiler {
  /** Signals that this operator counts itself; agents count the others. */
  private static final Set<String> OWN =
      Set.of("spawn", "allocation", "auto-recovery", "gate-processing", Throughput.SIGNAL);

  /** Measured only where the pool says what makes an output correct. */
  static final String ACCURACY = "accuracy";

  /** A signal with a share of its events that could be judged; and why there is none otherwise. */
  private static final Map<String, Cause> JUDGED =
      Map.of(
          ACCURACY,
          Cause.LowCoverage,
          "delivery-local",
          Cause.ClockUncertain,
          "delivery-remote",
          Cause.ClockUncertain);

  /** Each agent's own, as that of one is hidden in the mean of many. */
  private static final Set<String> OWN_RATIOS = Set.of("gc");

  private final Map<String, String> providers;

  /**
   * @param providers who feeds each signal that is fed at all, for people
   */
  Compiler(Map<String, String> providers) {
    this.providers = providers;
  }

  /** The target of an objective whose overrides are applied. */
  Target compile(Layer layer, ObjectiveSpec spec) throws BadGateException {
    try {
      ObjectiveRules.check(spec);
      Rule rule = rule(spec);
      Integer last = spec.lastEvents();
      var window = new Window(Duration.ofSeconds(spec.windowSeconds()), last == null ? 0 : last);
      var objective =
          new Objective(
              spec.name(),
              layer,
              "Required".equals(spec.severity()),
              rule,
              window,
              spec.minSamples(),
              spec.weight());
      return new Target(
          objective,
          spec.signal(),
          kind(spec),
          target(spec),
          shown(window),
          estimator(rule),
          source(spec, rule, window),
          providers.getOrDefault(spec.signal(), ""),
          burn(spec, rule, window));
    } catch (IllegalArgumentException e) {
      throw new BadGateException("objective " + spec.name() + ": " + e.getMessage());
    }
  }

  private static Rule rule(ObjectiveSpec spec) {
    if (spec.share() != null) {
      return new Rule.Share(Measure.parse(spec.share().atLeast(), Kind.SHARE));
    }
    if (spec.ratio() != null) {
      String least = spec.ratio().atLeast();
      String most = spec.ratio().atMost();
      return new Rule.Ratio(side(least), Measure.parse(given(least, most), Kind.SHARE));
    }
    if (spec.value() != null) {
      String least = spec.value().atLeast();
      return new Rule.Value(
          side(least), Measure.parse(given(least, spec.value().atMost())).value());
    }
    if (spec.slices() != null) {
      String most = spec.slices().atMost();
      return new Rule.Slices(
          most == null ? Side.AtLeast : Side.AtMost,
          Measure.parse(given(most, spec.slices().atLeast())).value(),
          spec.slices().bad(),
          spec.slices().of());
    }
    return new Rule.Trend();
  }

  /**
   * Overrides change a share and its window, and not the burn. One that cannot be any more is left
   * out: the schema has refused all others.
   */
  private static @Nullable Burn burn(ObjectiveSpec spec, Rule rule, Window window) {
    BurnSpec burn = spec.burn();
    return burn == null
            || !(rule instanceof Rule.Share share)
            || window.counted()
            || !Burn.reachable(share.atLeast(), burn.factor())
        ? null
        : new Burn(
            share.atLeast(),
            burn.factor(),
            Duration.ofSeconds(burn.longSeconds()),
            Duration.ofSeconds(burn.shortSeconds()));
  }

  private static Side side(@Nullable String least) {
    return least == null ? Side.AtMost : Side.AtLeast;
  }

  private static String given(@Nullable String one, @Nullable String other) {
    if (one != null) {
      return one;
    }
    if (other == null) {
      throw new IllegalArgumentException("it has no bound: write atLeast or atMost");
    }
    return other;
  }

  private static Kind kind(ObjectiveSpec spec) {
    if (spec.ratio() != null && spec.ratio().atMost() != null) {
      return Kind.PART;
    }
    return spec.value() == null
        ? Kind.SHARE
        : Measure.parse(given(spec.value().atLeast(), spec.value().atMost())).kind();
  }

  private static String target(ObjectiveSpec spec) {
    if (spec.share() != null) {
      return ">= "
          + spec.share().atLeast()
          + (spec.threshold() == null ? "" : " within " + spec.threshold());
    }
    if (spec.ratio() != null) {
      return bound(spec.ratio().atLeast(), spec.ratio().atMost());
    }
    if (spec.value() != null) {
      return bound(spec.value().atLeast(), spec.value().atMost());
    }
    if (spec.slices() != null) {
      return bound(spec.slices().atLeast(), spec.slices().atMost())
          + ", fewer than %d of %d slices outside"
              .formatted(spec.slices().bad(), spec.slices().of());
    }
    return "not rising";
  }

  private static String bound(@Nullable String least, @Nullable String most) {
    if (least != null && most != null) {
      return least + " to " + most;
    }
    return least != null ? ">= " + least : "<= " + most;
  }

  private Source source(ObjectiveSpec spec, Rule rule, Window window) {
    String signal = spec.signal();
    if ("alignment".equals(signal)) {
      if (!(rule instanceof Rule.Ratio)) {
        throw new IllegalArgumentException(
            "alignment is a ratio of weights: write ratio in place of its estimator");
      }
      return new Source.Rows();
    }
    if (!providers.containsKey(signal)) {
      return new Source.None(Cause.NotExposed);
    }
    return switch (rule) {
      case Rule.Share share -> events(spec, window);
      case Rule.Ratio ratio when OWN_RATIOS.contains(signal) -> {
        checkSpan(window, PoolSignals.OWN_SPAN);
        yield new Source.OwnSums(signal);
      }
      case Rule.Ratio ratio -> {
        checkSpan(window, PoolSignals.SUM_SPAN);
        yield new Source.Sums(signal);
      }
      case Rule.Value value -> {
        checkSpan(window, PoolSignals.OWN_SPAN);
        yield new Source.Gauges(signal);
      }
      case Rule.Slices slices -> new Source.None(Cause.NotExposed);
      case Rule.Trend trend -> new Source.None(Cause.NotExposed);
    };
  }

  private static Source events(ObjectiveSpec spec, Window window) {
    boolean slices = spec.signal().equals(Throughput.SIGNAL);
    String key =
        spec.threshold() == null
            ? spec.signal()
            : PoolSignals.key(
                spec.signal(), ObjectiveRules.threshold(spec.signal(), spec.threshold()));
    Source.Kept kept = Source.Kept.of(key, window);
    Cause lacking = JUDGED.get(spec.signal());
    return lacking != null
        ? new Source.Judged(kept, Source.Kept.of(spec.signal() + "-judged", window), lacking)
        : new Source.Events(
            kept, !OWN.contains(spec.signal()), slices ? Cause.NotApplicable : Cause.NoDemand);
  }

  /** What is shown as a window has to be one. */
  private static void checkSpan(Window window, Duration most) {
    if (window.span().compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "windowSeconds is %d, and of this signal the last %d s are kept: write at most that"
              .formatted(window.span().toSeconds(), most.toSeconds()));
    }
  }

  private static String estimator(Rule rule) {
    return switch (rule) {
      case Rule.Share share -> "share";
      case Rule.Ratio ratio -> "ratio";
      case Rule.Value value -> "value";
      case Rule.Slices slices -> "slices";
      case Rule.Trend trend -> "trend";
    };
  }

  private static String shown(Window window) {
    String time = Figures.span(window.span());
    return window.counted() ? "last " + window.last() + " within " + time : time;
  }
}

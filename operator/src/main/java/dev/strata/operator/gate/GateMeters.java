package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.core.gate.Row;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * All values at full rate, as metrics: the status shows them rounded and seldom. A verdict is 1
 * (Met), 0 (Violated) or NaN (Unknown).
 */
final class GateMeters {
  /** What a gate's gauges read. */
  private static final class Shown {
    private volatile List<Row> rows;

    Shown(List<Row> rows) {
      this.rows = rows;
    }
  }

  /** Fine below the second that the objective gate-processing asks for. */
  private static final Duration[] BUCKETS =
      LongStream.of(25, 50, 75, 100, 125, 150, 175, 200, 250, 300, 400, 500, 750, 1000, 2000, 5000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Timer kept;
  private final Timer shown;
  private final Timer evaluation;
  private final Map<String, Shown> rows = new ConcurrentHashMap<>();
  private final Map<String, List<Meter.Id>> registered = new ConcurrentHashMap<>();

  GateMeters(MeterRegistry registry) {
    this.registry = registry;
    this.kept = processing(registry, false);
    this.shown = processing(registry, true);
    this.evaluation = registry.timer("strata.gate.evaluation");
  }

  private static Timer processing(MeterRegistry registry, boolean changed) {
    return Timer.builder("strata.gate.processing")
        .tag("changed", Boolean.toString(changed))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  void show(Watch watch) {
    rows.computeIfAbsent(watch.gate().getMetadata().getUid(), uid -> register(watch)).rows =
        watch.rows();
  }

  /** The gauges of a gate are those of its targets: made anew when these change. */
  void forget(QualityGate gate) {
    String uid = gate.getMetadata().getUid();
    rows.remove(uid);
    registered.getOrDefault(uid, List.of()).forEach(registry::remove);
    registered.remove(uid);
  }

  private Shown register(Watch watch) {
    var current = new Shown(watch.rows());
    List<Meter.Id> ids = new ArrayList<>();
    for (Row row : watch.rows()) {
      Tags tags =
          Tags.of(
              "namespace", watch.gate().getMetadata().getNamespace(),
              "gate", watch.gate().getMetadata().getName(),
              "objective", row.objective().name());
      String name = row.objective().name();
      ids.add(gauge("strata.gate.verdict", tags, current, name, GateMeters::verdict));
      ids.add(gauge("strata.gate.observed", tags, current, name, r -> r.evidence().estimate()));
      ids.add(gauge("strata.gate.bound", tags, current, name, r -> r.evidence().bound()));
      ids.add(gauge("strata.gate.coverage", tags, current, name, r -> r.evidence().coverage()));
      ids.add(gauge("strata.gate.samples", tags, current, name, r -> r.evidence().samples()));
      if (row.burn() != null) {
        ids.add(gauge("strata.gate.burn", tags, current, name, GateMeters::burn));
      }
    }
    registered.put(watch.gate().getMetadata().getUid(), ids);
    return current;
  }

  private Meter.Id gauge(
      String meter, Tags tags, Shown rows, String name, ToDoubleFunction<Row> figure) {
    return Gauge.builder(
            meter,
            rows,
            r ->
                r.rows.stream()
                    .filter(row -> row.objective().name().equals(name))
                    .mapToDouble(figure)
                    .findFirst()
                    .orElse(Double.NaN))
        .tags(tags)
        .register(registry)
        .getId();
  }

  private static double burn(Row row) {
    return row.burn() == null ? Double.NaN : row.burn().overLong();
  }

  private static double verdict(Row row) {
    return switch (row.standing().verdict()) {
      case Met -> 1;
      case Violated -> 0;
      case Unknown -> Double.NaN;
    };
  }

  /**
   * From a report's receipt to its evaluation, or to the acknowledged status where it changed.
   *
   * @param changed whether a verdict has changed
   */
  void processed(boolean changed, long millis) {
    (changed ? shown : kept).record(millis, TimeUnit.MILLISECONDS);
  }

  /** How long one gate was evaluated. */
  void evaluated(long nanos) {
    evaluation.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Counts a report that was not taken. */
  void refused(String cause) {
    registry.counter("strata.telemetry.refused", "cause", cause).increment();
  }

  /** Counts a report that was taken. */
  void taken() {
    registry.counter("strata.telemetry.reports").increment();
  }
}

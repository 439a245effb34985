package dev.strata.agent;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.SummaryWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The agent's figures for Prometheus, read from where they are counted. Of Prometheus' own library,
 * because a facade before it costs each agent three megabytes of image.
 */
public final class AgentMetrics {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private final Supplier<Health> health;

  AgentMetrics(Counts counts, Supplier<Health> health) {
    this.health = health;
    CounterWithCallback.builder()
        .name("strata_agent_tasks")
        .help("Tasks ended here with a stored result.")
        .labelNames("status")
        .callback(
            callback -> {
              callback.call(counts.done.doubleValue(), "done");
              callback.call(counts.failed.doubleValue(), "failed");
              callback.call(counts.cancelled.doubleValue(), "cancelled");
            })
        .register(registry);
    count("strata_agent_tasks_taken", "Tasks taken since activation.", counts.taken);
    count("strata_agent_attempts_failed", "Handler attempts that failed.", counts.failedAttempts);
    count("strata_agent_results_late", "Results somebody else had stored.", counts.lateResults);
    count("strata_agent_tasks_handed_back", "Tasks handed back.", counts.handedBack);
    count("strata_agent_identities_refused", "Wanted states refused.", counts.refused);
    SummaryWithCallback.builder()
        .name("strata_agent_handler")
        .unit(Unit.SECONDS)
        .help("Time in handlers.")
        .callback(
            callback ->
                callback.call(
                    counts.handlerCalls.get(),
                    Unit.nanosToSeconds(counts.handlerNanos.get()),
                    Quantiles.EMPTY))
        .register(registry);
    gauge("strata_agent_inflight", "Tasks in the agent's hands.", Health::inFlight);
    gauge("strata_agent_slots", "Tasks it can execute at a time.", Health::slots);
    gauge("strata_agent_connected", "1 while NATS is there.", h -> h.connected() ? 1 : 0);
    gauge("strata_agent_suspect", "1 while results are held back.", h -> h.suspect() ? 1 : 0);
    gauge("strata_agent_aot_cache", "1 when classes come from it.", h -> h.aotCache() ? 1 : 0);
    GaugeWithCallback.builder()
        .name("strata_agent_handlers_abandoned")
        .help("Handlers that ignored their interrupt and still run.")
        .callback(callback -> callback.call(counts.abandoned.get()))
        .register(registry);
  }

  private void count(String name, String help, AtomicLong value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.doubleValue()))
        .register(registry);
  }

  private void gauge(String name, String help, ToDoubleFunction<Health> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.applyAsDouble(health.get())))
        .register(registry);
  }

  /** The text of a scrape. */
  public String scrape() {
    try {
      var text = new ByteArrayOutputStream();
      writer.write(text, registry.scrape());
      return text.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.strata.agent;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The agent's figures for Prometheus, read from where they are counted. */
public final class AgentMetrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Supplier<Health> health;

  AgentMetrics(Counts counts, Supplier<Health> health) {
    this.health = health;
    ended("done", counts.done);
    ended("failed", counts.failed);
    ended("cancelled", counts.cancelled);
    count("strata.agent.tasks.taken", "Tasks taken since activation.", counts.taken);
    count("strata.agent.attempts.failed", "Handler attempts that failed.", counts.failedAttempts);
    count("strata.agent.results.late", "Results somebody else had stored.", counts.lateResults);
    count("strata.agent.tasks.handed.back", "Tasks handed back.", counts.handedBack);
    count("strata.agent.identities.refused", "Wanted states refused.", counts.refused);
    FunctionTimer.builder(
            "strata.agent.handler",
            counts,
            c -> c.handlerCalls.get(),
            c -> c.handlerNanos.get(),
            TimeUnit.NANOSECONDS)
        .description("Time in handlers.")
        .register(registry);
    gauge("strata.agent.inflight", "Tasks in the agent's hands.", Health::inFlight);
    gauge("strata.agent.slots", "Tasks it can execute at a time.", Health::slots);
    gauge("strata.agent.connected", "1 while NATS is there.", h -> h.connected() ? 1 : 0);
    gauge("strata.agent.suspect", "1 while results are held back.", h -> h.suspect() ? 1 : 0);
    gauge("strata.agent.aot.cache", "1 when classes come from it.", h -> h.aotCache() ? 1 : 0);
    Gauge.builder("strata.agent.handlers.abandoned", counts.abandoned, n -> n.get())
        .description("Handlers that ignored their interrupt and still run.")
        .register(registry);
  }

  private void ended(String status, AtomicLong value) {
    FunctionCounter.builder("strata.agent.tasks", value, AtomicLong::get)
        .description("Tasks ended here with a stored result.")
        .tag("status", status)
        .register(registry);
  }

  private void count(String name, String description, AtomicLong value) {
    FunctionCounter.builder(name, value, AtomicLong::get)
        .description(description)
        .register(registry);
  }

  private void gauge(String name, String description, ToDoubleFunction<Health> value) {
    Gauge.builder(name, health, h -> value.applyAsDouble(h.get()))
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  /** The text of a scrape. */
  public String scrape() {
    return registry.scrape();
  }
}

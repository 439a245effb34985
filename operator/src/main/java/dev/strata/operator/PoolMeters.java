package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.core.pool.Action;
import dev.strata.core.pool.PoolFacts;
import dev.strata.core.pool.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;

/** Pools as metrics: counts as gauges, actions as counters by kind and reason. */
final class PoolMeters {
  private final MeterRegistry meters;
  private final Map<String, AtomicReference<PoolFacts>> facts = new ConcurrentHashMap<>();

  PoolMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  void count(AgentPool pool, Done done) {
    Tags tags = tags(pool);
    facts
        .computeIfAbsent(pool.getMetadata().getUid(), uid -> register(tags))
        .set(done.plan().facts());
    for (Action action : done.carriedOut()) {
      if (action.changes()) {
        actions(tags, action.getClass(), action.why()).increment();
      }
    }
  }

  void forget(String poolUid, String namespace, String name) {
    if (facts.remove(poolUid) != null) {
      List.copyOf(meters.getMeters()).stream()
          .filter(
              m ->
                  name.equals(m.getId().getTag("pool"))
                      && namespace.equals(m.getId().getTag("namespace")))
          .forEach(meters::remove);
    }
  }

  private AtomicReference<PoolFacts> register(Tags tags) {
    var current =
        new AtomicReference<>(new PoolFacts(0, 0, 0, 0, 0, 0, 0, 0, 0, List.of(), List.of()));
    gauge("strata.pool.desired", tags, current, PoolFacts::desired);
    gauge("strata.pool.active", tags, current, PoolFacts::active);
    gauge("strata.pool.ready", tags, current, PoolFacts::ready);
    gauge("strata.pool.spares", tags, current, PoolFacts::spares);
    gauge("strata.pool.starting", tags, current, PoolFacts::starting);
    gauge("strata.pool.draining", tags, current, PoolFacts::draining);
    gauge("strata.pool.failed", tags, current, PoolFacts::failed);
    // A counter that begins above zero hides its first increase from Prometheus.
    SpawnLedger.LOSSES.forEach(reason -> actions(tags, Action.Activate.class, reason));
    return current;
  }

  private void gauge(
      String name,
      Tags tags,
      AtomicReference<PoolFacts> current,
      ToDoubleFunction<PoolFacts> figure) {
    Gauge.builder(name, current, c -> figure.applyAsDouble(c.get())).tags(tags).register(meters);
  }

  private Counter actions(Tags tags, Class<? extends Action> kind, Reason why) {
    return meters.counter(
        "strata.pool.actions", tags.and("action", kind.getSimpleName(), "reason", why.name()));
  }

  private static Tags tags(AgentPool pool) {
    return Tags.of(
        "namespace", pool.getMetadata().getNamespace(), "pool", pool.getMetadata().getName());
  }
}

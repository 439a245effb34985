package dev.strata.operator;

import dev.strata.api.v1alpha1.PhaseFigures;
import dev.strata.api.v1alpha1.RecoveryStatus;
import dev.strata.api.v1alpha1.SpawnStatus;
import dev.strata.core.pool.Action;
import dev.strata.core.pool.Reason;
import dev.strata.operator.gate.GateBoard;
import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How long agents took: from the moment at which one was wanted to its own first heartbeat as
 * active. A spawn is warm when a spare was there at once, cold when it had to be waited for.
 * Figures since the start of this operator.
 */
final class SpawnLedger {
  /** A recovery counts as succeeded within this, from loss seen to active again. */
  private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(60);

  private static final String SPAWN = "spawn";
  private static final String RECOVERY = "auto-recovery";

  private static final Set<Reason> LOSSES =
      Set.of(Reason.AgentLost, Reason.AgentFailed, Reason.NodeLost, Reason.PodDeleted);

  private final MeterRegistry meters;
  private final GateBoard gates;
  private final AtomicLong demands = new AtomicLong();
  private final Map<String, Pool> pools = new ConcurrentHashMap<>();

  private record Demand(String id, long sinceNanos) {}

  private record Wait(
      Demand demand, long activatedNanos, boolean warm, boolean recovery, long epoch) {}

  private static final class Pool {
    private final Deque<Demand> demand = new ArrayDeque<>();
    private final Map<String, Wait> waiting = new ConcurrentHashMap<>();
    private final Histogram warm = new Histogram(600_000, 3);
    private final Histogram cold = new Histogram(600_000, 3);
    private final Histogram recovery = new Histogram(600_000, 3);
    private long recoveries;
    private long recovered;
  }

  /**
   * @param gates told of each spawn and recovery as it begins and ends
   */
  SpawnLedger(MeterRegistry meters, GateBoard gates) {
    this.meters = meters;
    this.gates = gates;
  }

  /**
   * Notes what a plan is about to do.
   *
   * @param waiting agents that found no spare
   */
  void planned(String poolUid, List<Action.Activate> activations, int waiting, long nowNanos) {
    Pool pool = pool(poolUid);
    synchronized (pool) {
      int waitedBefore = pool.demand.size();
      int used = 0;
      for (Action.Activate activation : activations) {
        Demand waited = pool.demand.pollFirst();
        boolean warm = used++ >= waitedBefore;
        boolean recovery = LOSSES.contains(activation.why());
        pool.recoveries += recovery ? 1 : 0;
        if (recovery) {
          gates.begin(poolUid, RECOVERY, activation.spare().uid());
        }
        pool.waiting.put(
            activation.spare().uid(),
            new Wait(
                waited == null ? demand(poolUid, nowNanos) : waited,
                nowNanos,
                warm,
                recovery,
                activation.epoch() + 1));
      }
      while (pool.demand.size() < waiting) {
        pool.demand.addLast(demand(poolUid, nowNanos));
      }
      while (pool.demand.size() > waiting) {
        gates.withdraw(poolUid, SPAWN, pool.demand.removeLast().id());
      }
    }
  }

  private Demand demand(String poolUid, long nowNanos) {
    var demand = new Demand(Long.toString(demands.incrementAndGet()), nowNanos);
    gates.begin(poolUid, SPAWN, demand.id());
    return demand;
  }

  /** Notes a heartbeat; the first active one after an activation ends a wait. */
  void heard(Heartbeat heartbeat, String poolName, long nowNanos) {
    if (heartbeat.role() != Role.ACTIVE) {
      return;
    }
    Pool pool = pool(heartbeat.pool());
    Wait wait = pool.waiting.get(heartbeat.podUid());
    if (wait == null
        || wait.epoch() != heartbeat.epoch()
        || !pool.waiting.remove(heartbeat.podUid(), wait)) {
      return;
    }
    long millis =
        Math.min(Duration.ofNanos(nowNanos - wait.demand().sinceNanos()).toMillis(), 600_000);
    gates.end(heartbeat.pool(), SPAWN, wait.demand().id());
    gates.end(heartbeat.pool(), RECOVERY, heartbeat.podUid());
    synchronized (pool) {
      (wait.warm() ? pool.warm : pool.cold).recordValue(millis);
      if (wait.recovery()) {
        pool.recovery.recordValue(millis);
        pool.recovered += millis <= RECOVERED_WITHIN.toMillis() ? 1 : 0;
      }
    }
    meters
        .timer("strata.spawn", "pool", poolName, "start", wait.warm() ? "warm" : "cold")
        .record(millis, TimeUnit.MILLISECONDS);
  }

  /** For how long the newest activation of this pool has been waited for; zero when none is. */
  Duration underWayFor(String poolUid) {
    return pool(poolUid).waiting.values().stream()
        .map(wait -> Duration.ofNanos(Math.max(1, System.nanoTime() - wait.activatedNanos())))
        .min(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** A pod that is gone will not become active. */
  void forget(String poolUid, String podUid) {
    Pool pool = pools.get(poolUid);
    if (pool != null) {
      Wait gone = pool.waiting.remove(podUid);
      if (gone != null) {
        gates.withdraw(poolUid, SPAWN, gone.demand().id());
      }
    }
  }

  void forgetPool(String poolUid) {
    pools.remove(poolUid);
  }

  /** The figures; null while there are none. */
  @Nullable SpawnStatus spawns(String poolUid) {
    Pool pool = pool(poolUid);
    synchronized (pool) {
      long warm = pool.warm.getTotalCount();
      long all = warm + pool.cold.getTotalCount();
      return all == 0
          ? null
          : new SpawnStatus((int) (100 * warm / all), all, figures(pool.warm), figures(pool.cold));
    }
  }

  /** The figures of recoveries; null while there are none. */
  @Nullable RecoveryStatus recoveries(String poolUid) {
    Pool pool = pool(poolUid);
    synchronized (pool) {
      return pool.recoveries == 0
          ? null
          : new RecoveryStatus(
              pool.recoveries,
              pool.recovered,
              pool.recovered == 0 ? null : pool.recovery.getValueAtPercentile(95));
    }
  }

  private static @Nullable PhaseFigures figures(Histogram histogram) {
    return histogram.getTotalCount() == 0
        ? null
        : new PhaseFigures(
            histogram.getValueAtPercentile(50),
            histogram.getValueAtPercentile(95),
            histogram.getValueAtPercentile(99),
            histogram.getTotalCount());
  }

  private Pool pool(String uid) {
    return pools.computeIfAbsent(uid, key -> new Pool());
  }
}

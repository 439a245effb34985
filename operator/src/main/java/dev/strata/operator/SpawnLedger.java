package dev.strata.operator;

import dev.strata.api.v1alpha1.PhaseFigures;
import dev.strata.api.v1alpha1.RecoveryStatus;
import dev.strata.api.v1alpha1.SpawnStatus;
import dev.strata.core.pool.Action;
import dev.strata.core.pool.Reason;
import dev.strata.core.pool.Unmet;
import dev.strata.operator.gate.GateBoard;
import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How long agents took: from the moment at which one was wanted to its own first heartbeat as
 * active, whoever it became in the end. A spawn is warm when a spare was there at once, cold when
 * it had to be waited for. Figures since the start of this operator.
 */
final class SpawnLedger {
  /** A recovery counts as succeeded within this, from loss seen to active again. */
  private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(60);

  private static final Duration ABOUT_TO_COME = Duration.ofSeconds(3);
  private static final long MOST_MILLIS = 600_000;

  private static final String SPAWN = "spawn";
  private static final String ALLOCATION = "allocation";
  private static final String RECOVERY = "auto-recovery";

  static final Set<Reason> LOSSES =
      Set.of(Reason.AgentLost, Reason.AgentFailed, Reason.NodeLost, Reason.PodDeleted);

  private final MeterRegistry meters;
  private final GateBoard gates;
  private final AtomicLong demands = new AtomicLong();
  private final Map<String, Pool> pools = new ConcurrentHashMap<>();

  /** An agent that is wanted, until it is there: the same one though its spare should die. */
  private static final class Demand {
    private final String id;
    private final long sinceNanos;
    private final long epoch;
    private final boolean warm;
    private final boolean recovery;

    /** The spare that is to become it; null while there is none. */
    private @Nullable String pod;

    private long activatedNanos;

    private Demand(String id, long sinceNanos, long epoch, boolean warm, boolean recovery) {
      this.id = id;
      this.sinceNanos = sinceNanos;
      this.epoch = epoch;
      this.warm = warm;
      this.recovery = recovery;
    }
  }

  private static final class Pool {
    private final Map<Integer, Demand> wanted = new HashMap<>();
    private final Histogram warm = new Histogram(MOST_MILLIS, 3);
    private final Histogram cold = new Histogram(MOST_MILLIS, 3);
    private final Histogram recovery = new Histogram(MOST_MILLIS, 3);
    private long recoveries;
    private long recovered;
  }

  /**
   * @param gates told of each spawn, allocation and recovery as it begins and ends
   */
  SpawnLedger(MeterRegistry meters, GateBoard gates) {
    this.meters = meters;
    this.gates = gates;
  }

  /**
   * Notes what a plan is about to do.
   *
   * @param unmet agents that found no spare
   */
  void planned(String poolUid, List<Action.Activate> activations, List<Unmet> unmet, long now) {
    Pool pool = pool(poolUid);
    synchronized (pool) {
      Set<Integer> still = new HashSet<>();
      for (Unmet agent : unmet) {
        still.add(agent.ordinal());
        demand(poolUid, pool, agent.ordinal(), agent.epoch(), agent.why(), false, now);
      }
      for (Action.Activate agent : activations) {
        still.add(agent.ordinal());
        Demand demand =
            demand(poolUid, pool, agent.ordinal(), agent.epoch(), agent.why(), true, now);
        demand.pod = agent.spare().uid();
        demand.activatedNanos = now;
      }
      pool.wanted
          .entrySet()
          .removeIf(
              entry -> {
                Demand demand = entry.getValue();
                boolean over = demand.pod == null && !still.contains(entry.getKey());
                if (over) {
                  List.of(SPAWN, ALLOCATION, RECOVERY)
                      .forEach(signal -> gates.withdraw(poolUid, signal, demand.id));
                }
                return over;
              });
    }
  }

  private Demand demand(
      String poolUid, Pool pool, int ordinal, long epoch, Reason why, boolean warm, long now) {
    return pool.wanted.computeIfAbsent(
        ordinal,
        key -> {
          boolean recovery = LOSSES.contains(why);
          var demand =
              new Demand(Long.toString(demands.incrementAndGet()), now, epoch + 1, warm, recovery);
          gates.begin(poolUid, SPAWN, demand.id);
          gates.begin(poolUid, ALLOCATION, demand.id);
          if (recovery) {
            pool.recoveries++;
            gates.begin(poolUid, RECOVERY, demand.id);
          }
          return demand;
        });
  }

  /** The API server has acknowledged who becomes an agent. */
  void allocated(String poolUid, int ordinal) {
    Pool pool = pool(poolUid);
    synchronized (pool) {
      Demand demand = pool.wanted.get(ordinal);
      if (demand != null) {
        gates.end(poolUid, ALLOCATION, demand.id);
      }
    }
  }

  /** Somebody else was faster, or the API server did not take it: it is planned again. */
  void refused(String poolUid, int ordinal) {
    Pool pool = pool(poolUid);
    synchronized (pool) {
      Demand demand = pool.wanted.get(ordinal);
      if (demand != null) {
        demand.pod = null;
      }
    }
  }

  /** Notes a heartbeat; the first active one after an activation ends a wait. */
  void heard(Heartbeat heartbeat, String namespace, String poolName, long nowNanos) {
    String identity = heartbeat.identity();
    if (heartbeat.role() != Role.ACTIVE || identity == null) {
      return;
    }
    Pool pool = pool(heartbeat.pool());
    synchronized (pool) {
      pool.wanted
          .entrySet()
          .removeIf(
              entry -> {
                boolean came =
                    identity.equals(poolName + "-" + entry.getKey())
                        && heartbeat.epoch() >= entry.getValue().epoch;
                if (came) {
                  came(heartbeat.pool(), namespace, poolName, pool, entry.getValue(), nowNanos);
                }
                return came;
              });
    }
  }

  private void came(
      String poolUid, String namespace, String poolName, Pool pool, Demand demand, long nowNanos) {
    long millis = Math.min(Duration.ofNanos(nowNanos - demand.sinceNanos).toMillis(), MOST_MILLIS);
    List.of(SPAWN, ALLOCATION, RECOVERY).forEach(signal -> gates.end(poolUid, signal, demand.id));
    (demand.warm ? pool.warm : pool.cold).recordValue(millis);
    if (demand.recovery) {
      pool.recovery.recordValue(millis);
      pool.recovered += millis <= RECOVERED_WITHIN.toMillis() ? 1 : 0;
    }
    gates.beside(poolUid, SPAWN, shown("warm", pool.warm) + shown(", cold", pool.cold));
    meters
        .timer(
            "strata.spawn",
            "namespace",
            namespace,
            "pool",
            poolName,
            "start",
            demand.warm ? "warm" : "cold")
        .record(millis, TimeUnit.MILLISECONDS);
  }

  private static String shown(String name, Histogram histogram) {
    return histogram.getTotalCount() == 0
        ? name + " none"
        : "%s p50 %dms, p95 %dms of %d"
            .formatted(
                name,
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(95),
                histogram.getTotalCount());
  }

  /**
   * For how long the newest agent of this pool that is on its way has been so: from its activation,
   * or from when it was wanted while there is no spare for it. Zero when none is, and when one has
   * been for so long that agents cannot be said to be about to come.
   */
  Duration underWayFor(String poolUid) {
    Pool pool = pool(poolUid);
    synchronized (pool) {
      long now = System.nanoTime();
      LongSummaryStatistics ages =
          pool.wanted.values().stream()
              .mapToLong(d -> now - (d.pod == null ? d.sinceNanos : d.activatedNanos))
              .summaryStatistics();
      return ages.getCount() == 0 || ages.getMax() > ABOUT_TO_COME.toNanos()
          ? Duration.ZERO
          : Duration.ofNanos(Math.max(1, ages.getMin()));
    }
  }

  /** A pod that is gone will not become active; the agent that it was to be is still wanted. */
  void forget(String poolUid, String podUid) {
    Pool pool = pools.get(poolUid);
    if (pool != null) {
      synchronized (pool) {
        pool.wanted.values().stream()
            .filter(demand -> podUid.equals(demand.pod))
            .forEach(demand -> demand.pod = null);
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

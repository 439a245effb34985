package dev.strata.bench;

import dev.strata.core.gate.Evidence;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Transport;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** The simulated agents of one pool on one connection; their seconds begin at random moments. */
final class SimPool implements AutoCloseable {
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Map<String, String> LOST = Map.of("response-time", "SourceError");

  private final Pool pool;
  private final Transport transport;
  private final ScheduledExecutorService seconds;
  private final Map<String, SimAgent> agents = new ConcurrentHashMap<>();
  private final Map<String, Future<?>> ticks = new ConcurrentHashMap<>();
  private final Set<String> told = new HashSet<>();
  private volatile boolean good = true;
  private boolean lost;
  private long decided;

  SimPool(Pool pool, Transport transport, ScheduledExecutorService seconds) {
    this.pool = pool;
    this.transport = transport;
    this.seconds = seconds;
    // The subscription ends with the transport.
    var unused =
        transport.subscribe(
            Subjects.control(pool.uid(), "*"),
            (subject, message) -> {
              SimAgent agent = agents.get(Subjects.podOf(subject));
              if (agent != null) {
                agent.take(message);
              }
            });
  }

  Pool pool() {
    return pool;
  }

  /** A pod of the pool runs. */
  void started(Pod pod, IntConsumer exit) {
    String name = pod.getMetadata().getName();
    var agent = new SimAgent(transport, pool.uid(), pod, exit);
    agents.put(name, agent);
    agent.beat();
    ticks.put(
        name,
        seconds.scheduleAtFixedRate(
            () -> second(name, agent),
            ThreadLocalRandom.current().nextLong(SECOND_NANOS),
            SECOND_NANOS,
            TimeUnit.NANOSECONDS));
  }

  /** It ends. */
  void ended(Pod pod) {
    String name = pod.getMetadata().getName();
    Future<?> tick = ticks.remove(name);
    if (tick != null) {
      tick.cancel(false);
    }
    agents.remove(name);
  }

  int active() {
    return (int) agents.values().stream().filter(SimAgent::active).count();
  }

  private void second(String name, SimAgent agent) {
    agent.beat();
    if (agent.active()) {
      boolean silent = noteLoss(name);
      agent.tell(good, silent ? LOST : Map.of());
    }
  }

  /** Whether this agent cannot measure; notes the moment at which the verdict is decided. */
  private synchronized boolean noteLoss(String name) {
    told.add(name);
    if (decided == 0) {
      double left = 1 - (double) told.size() / active();
      double faulty = lost ? 1 - left : left;
      // A verdict bears a fifth of the agents that cannot measure.
      if (lost == faulty > 1 - Evidence.LEAST_COVERAGE) {
        decided = System.nanoTime();
      }
    }
    return lost;
  }

  /** From now on operations end well, or all of them do not. */
  void operate(boolean well) {
    good = well;
  }

  /** From its next report on no agent can measure the response time, or all can again. */
  synchronized void lose(boolean signal) {
    lost = signal;
    decided = 0;
    told.clear();
  }

  /**
   * When the report was handed to the connection with which too many agents cannot measure, or few
   * enough, by the monotonic clock; 0 until it is.
   */
  synchronized long decided() {
    return decided;
  }

  @Override
  public void close() {
    ticks.values().forEach(tick -> tick.cancel(false));
    transport.close();
  }
}

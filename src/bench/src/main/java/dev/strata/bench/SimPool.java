package dev.strata.bench;

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
  private final Set<String> toldOfLoss = new HashSet<>();
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
    if (lost) {
      toldOfLoss.add(name);
      if (decided == 0 && everyoneHasTold()) {
        decided = System.nanoTime(); // the last one that could say otherwise
      }
    } else if (decided == 0) {
      decided = System.nanoTime(); // the first one that can measure again
    }
    return lost;
  }

  private boolean everyoneHasTold() {
    return agents.entrySet().stream()
        .allMatch(e -> !e.getValue().active() || toldOfLoss.contains(e.getKey()));
  }

  /** From now on operations end well, or all of them do not. */
  void operate(boolean well) {
    good = well;
  }

  /** From its next report on no agent can measure the response time, or all can again. */
  synchronized void lose(boolean signal) {
    lost = signal;
    decided = 0;
    toldOfLoss.clear();
  }

  /**
   * When the report was handed to the connection that left no other verdict possible, by the
   * monotonic clock; 0 until it is.
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

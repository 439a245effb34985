package dev.strata.operator.gate;

import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkAdmin;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Looks at the queues of judged pools each second: what was stored in it and what waited before was
 * the demand, what is gone from the queue was delivered. What the server refused is not known to it
 * and left out of the demand, so a full queue counts as the tasks that fill it.
 */
public final class Throughput implements AutoCloseable {
  /** The name of the signal. */
  static final String SIGNAL = "throughput";

  private static final Logger LOG = Logger.getLogger(Throughput.class);
  private static final Duration SLICE = Duration.ofSeconds(1);

  /** A slice that took longer tells of a busy machine, not of the queue. */
  private static final double LONGEST_SECONDS = 1.5;

  private final WorkAdmin work;
  private final GateBoard gates;
  private final Map<String, Look> last = new HashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("throughput").factory());

  private record Look(WorkAdmin.Flow flow, long nanos) {}

  /** Looks at nothing yet. */
  public Throughput(WorkAdmin work, GateBoard gates) {
    this.work = work;
    this.gates = gates;
  }

  /** Begins to look. */
  public void start() {
    var unused =
        timer.scheduleAtFixedRate(
            this::look, SLICE.toMillis(), SLICE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      List<String> pools = gates.judgedBy(SIGNAL);
      last.keySet().retainAll(pools);
      pools.forEach(this::look);
    } catch (RuntimeException e) {
      LOG.error("queues could not be looked at", e);
    }
  }

  private void look(String pool) {
    Look before = last.remove(pool);
    try {
      work.flow(pool)
          .ifPresent(
              flow -> {
                var now = new Look(flow, System.nanoTime());
                last.put(pool, now);
                if (before != null) {
                  compare(pool, before, now);
                }
              });
    } catch (TransportException e) {
      gates.unread(pool, SIGNAL);
      LOG.debugf("the queue of pool %s is looked at later: %s", pool, e.getMessage());
    }
  }

  private void compare(String pool, Look before, Look now) {
    double seconds = (now.nanos() - before.nanos()) / 1e9;
    long stored = now.flow().stored() - before.flow().stored();
    if (seconds > LONGEST_SECONDS || stored < 0) {
      return;
    }
    long delivered = before.flow().waiting() + stored - now.flow().waiting();
    gates.slice(pool, SIGNAL, delivered / seconds, before.flow().waiting() + stored / seconds);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}

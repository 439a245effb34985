package dev.strata.operator;

import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkAdmin;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Removes the streams of pools that are gone. There is no finalizer: a pool can be deleted while
 * operator or NATS are away, and what it left is swept when they are back.
 */
final class StreamSweeper implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(StreamSweeper.class);
  private static final Duration EVERY = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final WorkAdmin work;
  private final Leadership leadership;
  private final Scope scope;
  private final Consumer<String> onGone;

  /** Streams of other operators' pools at the same servers: asked about once. */
  private final Set<String> foreign = new HashSet<>();

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sweeper").factory());

  StreamSweeper(
      KubernetesClient client,
      WorkAdmin work,
      Leadership leadership,
      Scope scope,
      Consumer<String> onGone) {
    this.client = client;
    this.work = work;
    this.leadership = leadership;
    this.scope = scope;
    this.onGone = onGone;
  }

  void start() {
    var unused =
        timer.scheduleWithFixedDelay(
            this::sweep, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Streams are listed before pools, so a pool made in between keeps its own. */
  private void sweep() {
    if (!leadership.leading()) {
      return;
    }
    try {
      Set<String> streams = work.pools();
      foreign.retainAll(streams);
      if (streams.isEmpty()) {
        return;
      }
      Set<String> living =
          scope.pools(client).map(pool -> pool.getMetadata().getUid()).collect(Collectors.toSet());
      for (String pool : streams) {
        if (!living.contains(pool) && !foreign.contains(pool)) {
          remove(pool);
        }
      }
    } catch (TransportException | KubernetesClientException e) {
      LOG.infof("streams are swept later: %s", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("streams could not be swept", e);
    }
  }

  private void remove(String pool) {
    if (!scope.wholeCluster() && work.namespaceOf(pool).filter(scope::has).isEmpty()) {
      foreign.add(pool);
      return;
    }
    work.removePool(pool);
    onGone.accept(pool);
    LOG.infof("swept the streams of pool %s, which is gone", pool);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}

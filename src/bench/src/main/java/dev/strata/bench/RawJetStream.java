package dev.strata.bench;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What tasks cost without Strata: jnats alone does the same stores, deliveries, result stores and
 * acknowledgements on streams of the same kind.
 */
final class RawJetStream implements AutoCloseable {
  private static final String TASKS = "raw-tasks";
  private static final String RESULTS = "raw-results";
  private static final String WORKERS = "workers";
  private static final Duration ACK_WAIT = Duration.ofSeconds(5);
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int PAYLOAD_BYTES = 120;

  private final Bench bench;
  private final Connection connection;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Connection> workers = new ArrayList<>();
  private final UnderWay underWay = new UnderWay();
  private volatile boolean closed;

  /** Makes the streams and starts so many workers with so many slots each. */
  RawJetStream(Bench bench, int count, int slots)
      throws IOException, InterruptedException, JetStreamApiException {
    this.bench = bench;
    this.connection = bench.connectRaw("raw");
    streams(connection.jetStreamManagement());
    connection
        .createDispatcher(message -> underWay.end(message.getSubject()))
        .subscribe("raw.result.*");
    for (int i = 0; i < count; i++) {
      worker(slots);
    }
  }

  private static void streams(JetStreamManagement jetStream)
      throws IOException, JetStreamApiException {
    jetStream.addStream(
        stream(TASKS, "raw.task.*").retentionPolicy(RetentionPolicy.WorkQueue).build());
    jetStream.addStream(stream(RESULTS, "raw.result.*").build());
    jetStream.addOrUpdateConsumer(
        TASKS,
        ConsumerConfiguration.builder()
            .durable(WORKERS)
            .ackPolicy(AckPolicy.Explicit)
            .ackWait(ACK_WAIT)
            .maxAckPending(10_000)
            .build());
  }

  private static StreamConfiguration.Builder stream(String name, String subject) {
    return StreamConfiguration.builder()
        .name(name)
        .subjects(subject)
        .storageType(StorageType.File)
        .discardPolicy(DiscardPolicy.New)
        .discardNewPerSubject(true)
        .maxMessagesPerSubject(1)
        .maxBytes(256L << 20);
  }

  private void worker(int slots) throws IOException, InterruptedException {
    Connection own = bench.connectRaw("raw-worker-" + workers.size());
    workers.add(own);
    for (int slot = 0; slot < slots; slot++) {
      threads.execute(() -> work(own));
    }
  }

  private void work(Connection own) {
    try {
      var jetStream = own.jetStream();
      var subscription = jetStream.subscribe(null, PullSubscribeOptions.bind(TASKS, WORKERS));
      while (!closed) {
        for (Message task : subscription.fetch(1, Duration.ofSeconds(1))) {
          String id = task.getSubject().substring("raw.task.".length());
          jetStream.publish("raw.result." + id, task.getData());
          task.ackSync(Duration.ofSeconds(1));
        }
      }
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      if (!closed) {
        throw new IllegalStateException("a raw worker failed", e);
      }
    } catch (TimeoutException e) {
      throw new IllegalStateException("NATS did not confirm an ack within a second", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** As {@link TaskStorm#flatOut}. */
  double flatOut(int count, int most)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    underWay.clear(most);
    byte[] body = "x".repeat(PAYLOAD_BYTES).getBytes(StandardCharsets.US_ASCII);
    String prefix = Long.toString(System.nanoTime()) + "-";
    var jetStream = connection.jetStream();
    List<Future<?>> stored = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      underWay.enter();
      String id = prefix + i;
      underWay.begin(id);
      stored.add(jetStream.publishAsync("raw.task." + id, body));
    }
    for (Future<?> one : stored) {
      one.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
    underWay.awaitEnds(count);
    return count / (Waiting.millis(start, System.nanoTime()) / 1000);
  }

  /** Milliseconds that each message of the last run took. */
  List<Double> times() {
    return underWay.times();
  }

  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
    try {
      for (Connection worker : workers) {
        worker.close();
      }
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.strata.operator.gate;

import dev.strata.core.signal.AgentReport;
import dev.strata.core.signal.Durations;
import dev.strata.core.signal.Folding;
import dev.strata.core.signal.Series;
import dev.strata.protocol.Envelope;
import dev.strata.protocol.MalformedEnvelopeException;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Telemetry;
import dev.strata.protocol.Transport;
import dev.strata.protocol.TransportException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Receives telemetry, checks that it speaks for who sent it, and folds it into its pool. Answers
 * whoever measures by something else than what is wanted.
 */
public final class TelemetryInbox implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(TelemetryInbox.class);

  /** What does not fit is left out: the next message tells of the same second. */
  private static final int MOST_WAITING = 10_000;

  /** Together, in bytes. */
  private static final int MOST_BYTES_WAITING = 32 << 20;

  /** Of one report, in bytes; those of agents have some thousand. */
  private static final int MOST_BYTES = 128 << 10;

  /** Signals whose events agents judge by thresholds. */
  private static final Set<String> TIMED =
      Set.of(
          "response-time", "agent-latency", "delivery-local", "delivery-remote", "auto-recovery");

  private final Transport transport;
  private final GateBoard board;
  private final Messages messages = new Messages("operator");
  private final Semaphore room = new Semaphore(MOST_BYTES_WAITING);
  private final ThreadPoolExecutor worker;
  private final Transport.Subscription subscription;

  /** Begins to receive. */
  public TelemetryInbox(Transport transport, GateBoard board) {
    this.transport = transport;
    this.board = board;
    this.worker =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("telemetry").factory());
    this.subscription = transport.subscribe(Subjects.ALL_TELEMETRY, this::queue);
  }

  private void queue(String subject, Envelope message) {
    // What waits here counts: it is received, and nobody judges by it yet.
    long at = board.now();
    int bytes = message.payload().length;
    if (bytes > MOST_BYTES) {
      board.meters().refused("Malformed");
      return;
    }
    if (!room.tryAcquire(bytes)) {
      board.overlooked();
      return;
    }
    try {
      worker.execute(
          () -> {
            room.release(bytes);
            receive(subject, message, at);
          });
    } catch (RejectedExecutionException e) {
      room.release(bytes);
      board.overlooked();
    }
  }

  private void receive(String subject, Envelope message, long at) {
    try {
      Telemetry telemetry = Messages.readStrictly(message, MessageType.TELEMETRY, Telemetry.class);
      if (!subject.equals(Subjects.telemetry(telemetry.pool(), telemetry.pod()))) {
        board.meters().refused("ForeignIdentity");
        return;
      }
      board.pools().find(telemetry.pool()).ifPresent(pool -> take(pool, telemetry, at));
    } catch (MalformedEnvelopeException | IllegalArgumentException | NullPointerException e) {
      board.meters().refused("Malformed");
      LOG.debugf("telemetry on %s is no telemetry: %s", subject, e.getMessage());
    }
  }

  private void take(Pools.Pool pool, Telemetry telemetry, long at) {
    boolean holds =
        pool.agents().stream()
            .anyMatch(
                a -> a.podUid().equals(telemetry.podUid()) && a.pod().equals(telemetry.pod()));
    if (!holds) {
      // Replaced, or the cache does not know it yet: its next message tells of this second too.
      board.meters().refused("ForeignIdentity");
      return;
    }
    Measured measured = board.measured(pool.uid());
    Folding folding = measured.fold(report(telemetry), telemetry.faults(), at);
    if (folding.refused()) {
      board.meters().refused("Impossible");
      LOG.debugf("telemetry of %s was refused: %s", telemetry.pod(), folding.why());
      return;
    }
    board.meters().taken();
    board.arrived(at);
    answer(pool, telemetry, measured);
  }

  private static AgentReport report(Telemetry telemetry) {
    return new AgentReport(
        // Not its identity, which goes to another agent while this one still finishes its tasks.
        telemetry.pod(),
        telemetry.process(),
        telemetry.second(),
        series(telemetry.events()),
        telemetry.open(),
        series(telemetry.sums()),
        telemetry.gauges(),
        durations(telemetry.durations()),
        telemetry.last());
  }

  private static Map<String, Durations> durations(Map<String, Telemetry.Durations> told) {
    return told.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                e -> new Durations(e.getValue().micros(), e.getValue().counts())));
  }

  private static Map<String, Series> series(Map<String, Telemetry.Growth> told) {
    return told.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                e ->
                    new Series(
                        e.getValue().first(),
                        e.getValue().second(),
                        e.getValue().firsts(),
                        e.getValue().seconds())));
  }

  private void answer(Pools.Pool pool, Telemetry telemetry, Measured measured) {
    if (!board.pools().leading() || telemetry.last()) {
      return;
    }
    var wanted = new Telemetry.Wanted(measured.thresholds(TIMED), peers(pool, telemetry.pod()));
    if (wanted.version() == telemetry.wanted()) {
      return;
    }
    try {
      transport.publish(
          Subjects.control(pool.uid(), telemetry.pod()),
          messages.wrap(MessageType.WANTED_TELEMETRY, Priority.HIGH, telemetry.epoch(), wanted));
    } catch (TransportException e) {
      LOG.debugf("%s was not told what to measure: %s", telemetry.pod(), e.getMessage());
    }
  }

  /**
   * The agents that come after one in the order of identities: the same for as long as they are.
   */
  private static List<Telemetry.Peer> peers(Pools.Pool pool, String pod) {
    int most = Math.max(Telemetry.Wanted.PROBED, pool.voters() - 1);
    List<Pools.Agent> order =
        pool.agents().stream()
            .filter(Pools.Agent::ready)
            .sorted(java.util.Comparator.comparing(Pools.Agent::identity))
            .toList();
    int self = order.stream().map(Pools.Agent::pod).toList().indexOf(pod);
    return java.util.stream.IntStream.rangeClosed(1, Math.min(most, order.size() - 1))
        .mapToObj(i -> order.get(Math.floorMod(self + i, order.size())))
        .filter(a -> !a.pod().equals(pod))
        .map(a -> new Telemetry.Peer(a.pod(), a.node()))
        .toList();
  }

  @Override
  public void close() {
    subscription.close();
    worker.shutdownNow();
  }
}

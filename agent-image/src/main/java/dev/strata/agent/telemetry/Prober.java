package dev.strata.agent.telemetry;

import dev.strata.protocol.Envelope;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Telemetry.Peer;
import dev.strata.protocol.Telemetry.Probe;
import dev.strata.protocol.Transport;
import dev.strata.protocol.TransportException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Exchanges a small message with one peer a second: how long request and reply take, whether they
 * arrive, and how long the way there takes by both clocks.
 */
final class Prober {
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final String PADDING = "x".repeat(850);

  private final Transport transport;
  private final Messages messages;
  private final Signals signals;
  private final String pool;
  private final String pod;
  private final String node;
  private final Map<String, Asked> asked = new ConcurrentHashMap<>();
  private final ClockOffsets offsets = new ClockOffsets();
  private volatile List<Peer> peers = List.of();
  private int next;

  private record Asked(
      Peer peer, Timed.Event latency, Timed.Event way, Deliveries.Sent sent, long atNanos) {}

  Prober(
      Transport transport,
      Messages messages,
      Signals signals,
      String pool,
      String pod,
      String node) {
    this.transport = transport;
    this.messages = messages;
    this.signals = signals;
    this.pool = pool;
    this.pod = pod;
    this.node = node;
    transport.subscribe(Subjects.peer(pool, pod), (subject, message) -> heard(message));
  }

  void peers(List<Peer> now) {
    peers = List.copyOf(now);
    offsets.keepOnly(now.stream().map(Peer::pod).toList());
  }

  /** Asks the next peer; to be called each second. */
  void tick() {
    expire();
    List<Peer> now = peers;
    if (now.isEmpty() || !transport.connected()) {
      return;
    }
    Peer peer = now.get(Math.floorMod(next++, now.size()));
    Timed way = peer.node().equals(node) ? signals.deliveryLocal : signals.deliveryRemote;
    String id = MessageIds.newTaskId();
    asked.put(
        id,
        new Asked(
            peer,
            signals.agentLatency.begin(),
            way.begin(),
            signals.delivery.send(DEADLINE),
            System.nanoTime()));
    send(peer.pod(), MessageType.PROBE, new Probe(id, pod, wall(), 0, 0, PADDING));
  }

  private void expire() {
    asked
        .entrySet()
        .removeIf(
            entry -> {
              Asked question = entry.getValue();
              boolean late = System.nanoTime() - question.atNanos() > DEADLINE.toNanos();
              if (late) {
                question.latency().end(false);
                question.way().end(false);
                timed(question).count(true);
              }
              return late;
            });
  }

  private void heard(Envelope message) {
    if (message.type() == MessageType.PROBE) {
      Probe probe = Messages.read(message, MessageType.PROBE, Probe.class);
      if (Subjects.namesPod(probe.from())) {
        long now = wall();
        send(
            probe.from(),
            MessageType.PROBE_ANSWER,
            new Probe(probe.id(), pod, probe.sentNanos(), now, wall(), PADDING));
      }
    } else {
      answered(Messages.read(message, MessageType.PROBE_ANSWER, Probe.class));
    }
  }

  private void answered(Probe answer) {
    long now = wall();
    Asked question = asked.remove(answer.id());
    if (question == null || !question.peer().pod().equals(answer.from())) {
      return;
    }
    question.sent().acknowledged();
    question.latency().end(true);
    if (local(question)) {
      way(question, answer.receivedNanos() - answer.sentNanos());
      return;
    }
    var offset = offsets.learn(answer, now);
    if (offset.isEmpty()) {
      signals.remoteTimed.count(false);
      question.way().withdraw();
    } else {
      way(question, answer.receivedNanos() - answer.sentNanos() - offset.getAsLong());
    }
  }

  /** A message cannot arrive before it was sent: then the clocks are not what we take them for. */
  private void way(Asked question, long nanos) {
    timed(question).count(nanos >= 0);
    if (nanos < 0) {
      question.way().withdraw();
    } else {
      question.way().end(true, nanos);
    }
  }

  private boolean local(Asked question) {
    return question.peer().node().equals(node);
  }

  private Tally timed(Asked question) {
    return local(question) ? signals.localTimed : signals.remoteTimed;
  }

  private void send(String to, MessageType type, Probe probe) {
    try {
      transport.publish(Subjects.peer(pool, to), messages.wrap(type, Priority.LOW, 0, probe));
    } catch (TransportException e) {
      // Then it does not arrive, and is counted as that.
    }
  }

  private static long wall() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }
}

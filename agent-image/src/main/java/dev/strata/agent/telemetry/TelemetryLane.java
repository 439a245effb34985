package dev.strata.agent.telemetry;

import dev.strata.protocol.Envelope;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Telemetry;
import dev.strata.protocol.Telemetry.Peer;
import dev.strata.protocol.Telemetry.Wanted;
import dev.strata.protocol.Transport;
import dev.strata.protocol.TransportException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads all signals each second and, while the agent is active, tells the operator. What the
 * operator wants measured comes back on the agent's control subject.
 */
public final class TelemetryLane implements AutoCloseable {
  private final Transport transport;
  private final Messages messages;
  private final Signals signals;
  private final Supplier<Speaker> speaker;
  private final Prober prober;
  private final Recorder recorder = new Recorder();
  private final long beganNanos = System.nanoTime();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("telemetry").factory());
  private volatile List<Peer> peers = List.of();
  private volatile int wanted;

  /**
   * Who speaks.
   *
   * @param pool UID of the pool
   * @param identity null while spare: then nothing is said
   */
  public record Speaker(
      String pool,
      String pod,
      String podUid,
      String process,
      String node,
      @Nullable String identity,
      long epoch) {}

  /**
   * @param speaker asked before each message
   */
  public TelemetryLane(
      Transport transport, Messages messages, Signals signals, Supplier<Speaker> speaker) {
    this.transport = transport;
    this.messages = messages;
    this.signals = signals;
    this.speaker = speaker;
    Speaker self = speaker.get();
    this.prober = new Prober(transport, messages, signals, self.pool(), self.pod(), self.node());
  }

  /** Begins to measure and to tell. */
  @SuppressWarnings("FutureReturnValueIgnored") // it ends with the ticker
  public void start() {
    ticker.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
  }

  /** Takes what the operator wants measured. */
  public void take(Envelope message) {
    Wanted now = Messages.readOfOperator(message, MessageType.WANTED_TELEMETRY, Wanted.class);
    signals.judgeBy(now.thresholds());
    peers = now.peers();
    prober.peers(peers.stream().limit(Wanted.PROBED).toList());
    wanted = now.version();
  }

  /** The agent's peers, nearest first, as the operator told last. */
  public List<Peer> peers() {
    return peers;
  }

  private void tick() {
    long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNanos);
    Speaker now = speaker.get();
    if (second > recorder.second()) {
      if (now.identity() != null) {
        prober.tick();
      }
      recorder.record(second, signals.read());
      tell(now, false);
    }
  }

  private void tell(Speaker now, boolean last) {
    if (now.identity() == null || !transport.connected()) {
      return;
    }
    var telemetry =
        new Telemetry(
            now.pool(),
            now.pod(),
            now.podUid(),
            now.process(),
            now.identity(),
            now.epoch(),
            recorder.second(),
            recorder.events(),
            recorder.open(),
            recorder.sums(),
            recorder.gauges(),
            recorder.durations(),
            recorder.faults(),
            wanted,
            last);
    try {
      transport.publish(
          Subjects.telemetry(now.pool(), now.pod()),
          messages.wrap(MessageType.TELEMETRY, Priority.LOW, now.epoch(), telemetry));
    } catch (TransportException e) {
      // The next one tells of this second too.
    }
  }

  /** Tells a last time, after the tasks have ended. */
  @Override
  public void close() {
    ticker.shutdown();
    try {
      if (ticker.awaitTermination(1, TimeUnit.SECONDS)) {
        recorder.record(recorder.second() + 1, signals.read());
        tell(speaker.get(), true);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

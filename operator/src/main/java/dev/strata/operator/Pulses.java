package dev.strata.operator;

import dev.strata.core.pool.PodRole;
import dev.strata.core.pool.Pulse;
import dev.strata.protocol.Envelope;
import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.MalformedEnvelopeException;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Role;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Transport;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeats that were received, and for how long they could have been. Tells its listeners
 * only what a decision may depend on: a first heartbeat, a changed role or epoch, a drained agent,
 * one that fell silent.
 */
final class Pulses implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Pulses.class);
  private static final Duration TICK = Duration.ofMillis(250);

  /**
   * Ticks further apart than this mean that we ourselves were not running: what was silent then
   * proves nothing.
   */
  private static final Duration BROKEN_TICK = Duration.ofSeconds(1);

  /** Ours have some hundred bytes. */
  private static final int MOST_BYTES = 4096;

  private final Transport transport;

  /** By their subjects, of which each sender has one. */
  private final Map<String, Beat> beats = new ConcurrentHashMap<>();

  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("pulses").factory());
  private final AtomicLong unbrokenSince = new AtomicLong(System.nanoTime());
  private final AtomicLong dropped = new AtomicLong();
  private volatile long lastTick = System.nanoTime();
  private volatile BiConsumer<@Nullable Heartbeat, Heartbeat> onHeartbeat = (before, now) -> {};
  private volatile Consumer<Heartbeat> onSilence = heartbeat -> {};
  private volatile Function<String, Duration> silenceOf = pool -> Duration.ofSeconds(3);
  private final Transport.Subscription subscription;

  private record Beat(Heartbeat heartbeat, long receivedNanos, boolean reportedSilent) {}

  Pulses(Transport transport) {
    this.transport = transport;
    this.subscription = transport.subscribe(Subjects.ALL_HEARTBEATS, this::receive);
    var unused =
        ticker.scheduleAtFixedRate(
            this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Calls the first with every heartbeat and the one before it, the second when an agent has fallen
   * silent.
   */
  void listen(BiConsumer<@Nullable Heartbeat, Heartbeat> heartbeat, Consumer<Heartbeat> silent) {
    this.onHeartbeat = heartbeat;
    this.onSilence = silent;
  }

  /** How long an agent of a pool, by UID, may be silent. */
  void silence(Function<String, Duration> ofPool) {
    this.silenceOf = ofPool;
  }

  /** The last heartbeat of a pod as the planner sees it; null when none was received. */
  @Nullable Pulse of(String pool, String pod, String podUid) {
    Beat beat = beats.get(Subjects.heartbeat(pool, pod));
    if (beat == null || !beat.heartbeat().podUid().equals(podUid)) {
      return null;
    }
    Heartbeat hb = beat.heartbeat();
    return new Pulse(
        Duration.ofNanos(System.nanoTime() - beat.receivedNanos()),
        PodRole.valueOf(hb.role().name()),
        hb.identity(),
        hb.epoch(),
        hb.inFlight());
  }

  /** For how long heartbeats could have been heard without a break. */
  Duration listening() {
    Duration unbroken = Duration.ofNanos(System.nanoTime() - unbrokenSince.get());
    Duration connected = transport.connectedFor();
    return connected.compareTo(unbroken) < 0 ? connected : unbroken;
  }

  /** Forgets a pod that does not exist any more. */
  void forget(String pool, String pod) {
    beats.remove(Subjects.heartbeat(pool, pod));
  }

  /** How many heartbeats came from somebody who is not who they say. */
  long dropped() {
    return dropped.get();
  }

  private void receive(String subject, Envelope envelope) {
    Heartbeat heartbeat = read(subject, envelope);
    if (heartbeat == null) {
      dropped.incrementAndGet();
      return;
    }
    Beat before = beats.put(subject, new Beat(heartbeat, System.nanoTime(), false));
    boolean another =
        before == null
            || before.reportedSilent()
            || !before.heartbeat().podUid().equals(heartbeat.podUid());
    try {
      onHeartbeat.accept(another ? null : before.heartbeat(), heartbeat);
    } catch (RuntimeException e) {
      LOG.errorf(e, "heartbeat of %s could not be dealt with", heartbeat.pod());
    }
  }

  /** The server lets a pod publish under its own name only, so subject and content must agree. */
  private static @Nullable Heartbeat read(String subject, Envelope envelope) {
    if (envelope.payload().length > MOST_BYTES) {
      return null;
    }
    try {
      Heartbeat heartbeat = Messages.readStrictly(envelope, MessageType.HEARTBEAT, Heartbeat.class);
      boolean whole =
          Stream.of(heartbeat.podUid(), heartbeat.process(), heartbeat.role())
              .allMatch(Objects::nonNull);
      return whole && subject.equals(Subjects.heartbeat(heartbeat.pool(), heartbeat.pod()))
          ? heartbeat
          : null;
    } catch (MalformedEnvelopeException e) {
      return null;
    }
  }

  private void tick() {
    try {
      lookForSilence();
    } catch (RuntimeException e) {
      LOG.error("who is silent could not be looked for", e);
    }
  }

  private void lookForSilence() {
    long now = System.nanoTime();
    if (now - lastTick > BROKEN_TICK.toNanos()) {
      unbrokenSince.set(now);
    }
    lastTick = now;
    Duration listening = listening();
    beats.forEach(
        (subject, beat) -> {
          Duration silence = silenceOf.apply(beat.heartbeat().pool());
          boolean silent =
              listening.compareTo(silence) > 0 && now - beat.receivedNanos() > silence.toNanos();
          if (silent
              && !beat.reportedSilent()
              && beats.replace(
                  subject, beat, new Beat(beat.heartbeat(), beat.receivedNanos(), true))) {
            onSilence.accept(beat.heartbeat());
          }
        });
  }

  /** Whether a decision may depend on the difference of two heartbeats. */
  static boolean matters(@Nullable Heartbeat before, Heartbeat now) {
    return before == null
        || before.role() != now.role()
        || before.epoch() != now.epoch()
        || !before.process().equals(now.process())
        || (now.role() == Role.DRAINING && now.inFlight() == 0 && before.inFlight() != 0);
  }

  @Override
  public void close() {
    subscription.close();
    ticker.shutdownNow();
  }
}

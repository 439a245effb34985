package dev.strata.demo;

import dev.strata.protocol.Envelope;
import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Role;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Transport;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Hears the agents themselves: who is active under which identity and epoch, and since when. */
final class Hearing {
  private static final Duration LOOK = Duration.ofMillis(2);

  private final Map<String, Active> active = new ConcurrentHashMap<>();

  /** An identity's newest epoch, as its agent said. */
  record Active(String identity, long epoch, String pod, String node, long sinceNanos) {}

  Hearing(Transport transport) {
    transport.subscribe(Subjects.ALL_HEARTBEATS, this::hear);
  }

  private void hear(String subject, Envelope envelope) {
    Heartbeat heartbeat = Messages.read(envelope, MessageType.HEARTBEAT, Heartbeat.class);
    String identity = heartbeat.identity();
    if (heartbeat.role() != Role.ACTIVE || identity == null) {
      return;
    }
    active.merge(
        identity,
        new Active(identity, heartbeat.epoch(), heartbeat.pod(), heartbeat.node(), System.nanoTime()),
        (old, now) -> now.epoch() > old.epoch() ? now : old);
  }

  Optional<Active> agent(String identity) {
    return Optional.ofNullable(active.get(identity));
  }

  java.util.List<Active> on(String node, String pool) {
    return active.values().stream().filter(a -> a.node().equals(node) && a.identity().startsWith(pool + "-")).toList();
  }

  /** Waits until an identity is active under a later epoch; gives how long it took from a moment. */
  Duration backAfter(Active lost, long fromNanos, Duration limit) throws InterruptedException, TimeoutException {
    until(
        () -> agent(lost.identity()).filter(a -> a.epoch() > lost.epoch()).isPresent(),
        limit,
        lost.identity() + " is not back");
    long since = agent(lost.identity()).map(Active::sinceNanos).orElse(fromNanos);
    return Duration.ofNanos(since - fromNanos);
  }

  static void until(BooleanSupplier fact, Duration limit, String otherwise) throws InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!fact.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(otherwise + " after " + limit.toSeconds() + " s");
      }
      Thread.sleep(LOOK);
    }
  }
}

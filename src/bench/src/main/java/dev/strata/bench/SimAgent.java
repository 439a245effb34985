package dev.strata.bench;

import dev.strata.protocol.Envelope;
import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Role;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Telemetry;
import dev.strata.protocol.Transport;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WantedState;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An agent that says what a real one says, each second, and is what the operator wants it to be,
 * but does no work.
 */
final class SimAgent {
  private static final long CREDENTIALS_SECONDS = Duration.ofDays(1).toSeconds();

  private final Transport transport;
  private final IntConsumer exit;
  private final String pool;
  private final String pod;
  private final String uid;
  private final String node;
  private final String process = UUID.randomUUID().toString();
  private final long credentialsUntil = Instant.now().getEpochSecond() + CREDENTIALS_SECONDS;
  private final Messages messages;
  private final SimSignals signals = new SimSignals();
  private Role role = Role.SPARE;
  private @Nullable String identity;
  private long epoch;
  private long sequence;
  private int wantedVersion;
  private Map<String, List<Long>> thresholds = Map.of();

  /**
   * @param exit ends its container by an exit code
   */
  SimAgent(Transport transport, String pool, Pod pod, IntConsumer exit) {
    this.exit = exit;
    this.transport = transport;
    this.pool = pool;
    this.pod = pod.getMetadata().getName();
    this.uid = pod.getMetadata().getUid();
    this.node = pod.getSpec().getNodeName();
    this.messages = new Messages(this.pod);
  }

  synchronized boolean active() {
    return role == Role.ACTIVE;
  }

  /** Takes what the operator sends to the pod. */
  synchronized void take(Envelope message) {
    switch (message.type()) {
      case WANTED_STATE ->
          become(Messages.read(message, MessageType.WANTED_STATE, WantedState.class));
      case WANTED_TELEMETRY -> {
        var wanted = Messages.read(message, MessageType.WANTED_TELEMETRY, Telemetry.Wanted.class);
        thresholds = wanted.thresholds();
        wantedVersion = wanted.version();
      }
      default -> {} // credentials: the connection is not the agent's own
    }
  }

  private void become(WantedState wanted) {
    if (!wanted.podUid().equals(uid) || wanted.role() == role || role == Role.FENCED) {
      return;
    }
    boolean activates = wanted.role() == Role.ACTIVE && role == Role.SPARE;
    if (activates) {
      identity = wanted.identity();
      epoch = wanted.epoch();
    }
    if (activates || wanted.role() == Role.DRAINING || wanted.role() == Role.FENCED) {
      role = wanted.role();
      beat();
    }
    if (wanted.role() == Role.FENCED) {
      Console.progress(pod + " was fenced: " + wanted.reason());
      exit.accept(1);
    }
  }

  /** Says that it lives. */
  synchronized void beat() {
    if (role == Role.FENCED) {
      return; // its process has ended
    }
    var heartbeat =
        new Heartbeat(
            pool,
            pod,
            uid,
            process,
            node,
            ++sequence,
            role,
            identity,
            epoch,
            false,
            0,
            1,
            0,
            0,
            0,
            200,
            200,
            credentialsUntil,
            true);
    publish(
        Subjects.heartbeat(pool, pod),
        messages.wrap(MessageType.HEARTBEAT, Priority.EMERGENCY, epoch, heartbeat));
  }

  /**
   * Measures a second and tells of it.
   *
   * @param good whether its operations end well
   * @param faults as in {@link Telemetry}
   */
  synchronized void tell(boolean good, Map<String, String> faults) {
    signals.pass(thresholds, good);
    var telemetry =
        new Telemetry(
            pool,
            pod,
            uid,
            process,
            identity,
            epoch,
            signals.second(),
            signals.events(),
            signals.open(),
            signals.sums(),
            signals.gauges(),
            signals.durations(),
            faults,
            wantedVersion,
            false);
    publish(
        Subjects.telemetry(pool, pod),
        messages.wrap(MessageType.TELEMETRY, Priority.LOW, epoch, telemetry));
  }

  private void publish(String subject, Envelope message) {
    try {
      transport.publish(subject, message);
    } catch (TransportException e) {
      // The next second tells of this one too.
    }
  }
}

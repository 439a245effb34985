package dev.strata.operator;

import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Role;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Transport;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WantedState;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells agents what they are to be. Level-triggered: every heartbeat that disagrees with what is
 * wanted, or comes from an agent that was out of touch, is answered, so a lost message or a crash
 * between two steps heals by itself.
 */
final class WantedStates {
  private static final Logger LOG = Logger.getLogger(WantedStates.class);

  private final Transport transport;
  private final Leadership leadership;
  private final Messages messages = new Messages("operator");

  WantedStates(Transport transport, Leadership leadership) {
    this.transport = transport;
    this.leadership = leadership;
  }

  /**
   * Sends one; a message that does not get through is made up for at the next heartbeat. Who was
   * deposed has old caches and could fence an agent that is fine: it says nothing.
   */
  void send(
      String poolUid,
      String pod,
      String podUid,
      Role role,
      @Nullable String identity,
      long epoch,
      String reason) {
    send(poolUid, pod, new WantedState(podUid, role, identity, epoch, reason));
  }

  private void send(String poolUid, String pod, WantedState wanted) {
    if (!leadership.leading()) {
      return;
    }
    try {
      transport.publish(
          Subjects.control(poolUid, pod),
          messages.wrap(MessageType.WANTED_STATE, Priority.EMERGENCY, wanted.epoch(), wanted));
    } catch (TransportException e) {
      LOG.debugf("%s was not told to be %s: %s", pod, wanted.role(), e.getMessage());
    }
  }

  /** Answers a heartbeat if it is not what is wanted. */
  void answer(Heartbeat heartbeat, WantedState wanted) {
    boolean agrees =
        heartbeat.role() == wanted.role()
            && (wanted.role() != Role.ACTIVE
                || (heartbeat.epoch() == wanted.epoch()
                    && Objects.equals(heartbeat.identity(), wanted.identity())));
    if (!agrees || heartbeat.suspect()) {
      send(heartbeat.pool(), heartbeat.pod(), wanted.answering(heartbeat.sequence()));
    }
  }
}

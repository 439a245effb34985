package dev.strata.operator;

import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.RenewedCredentials;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Transport;
import dev.strata.protocol.TransportException;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Gives agents new credentials while their old ones are good for as long again. Level-triggered as
 * wanted states are: what does not get through is sent again at the next heartbeat.
 */
final class Renewals {
  private static final Logger LOG = Logger.getLogger(Renewals.class);

  private final Transport transport;
  private final Mint mint;
  private final Messages messages = new Messages("operator");

  Renewals(Transport transport, Mint mint) {
    this.transport = transport;
    this.mint = mint;
  }

  /** Whether an agent needs new ones. */
  boolean due(Heartbeat heartbeat) {
    return mint.due(Instant.ofEpochSecond(heartbeat.credentialsUntil()));
  }

  /**
   * @param verifier UID of the pool that the pod asks about its outputs; null: none
   */
  void send(Heartbeat heartbeat, @Nullable String verifier, String sealKey) {
    var renewed =
        new RenewedCredentials(
            heartbeat.podUid(), mint.sealed(heartbeat.pool(), heartbeat.pod(), verifier, sealKey));
    try {
      transport.publish(
          Subjects.control(heartbeat.pool(), heartbeat.pod()),
          messages.wrap(MessageType.CREDENTIALS, Priority.EMERGENCY, heartbeat.epoch(), renewed));
    } catch (TransportException e) {
      LOG.debugf("%s got no new credentials: %s", heartbeat.pod(), e.getMessage());
    }
  }
}

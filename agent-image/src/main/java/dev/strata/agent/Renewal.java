package dev.strata.agent;

import dev.strata.protocol.Envelope;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.RenewedCredentials;
import dev.strata.protocol.Sealed;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.nats.Credentials;
import dev.strata.protocol.nats.NatsConnection;
import java.time.Instant;

/**
 * Goes on with new credentials long before the old ones expire. The connection is made anew on a
 * thread of its own: the one that delivers messages would wait for itself.
 */
final class Renewal {
  private final AgentSettings settings;
  private final NatsConnection connection;
  private final Log log;
  private final Runnable renewed;
  private volatile Instant until;

  /**
   * @param renewed called when the connection stands again
   */
  Renewal(AgentSettings settings, NatsConnection connection, Log log, Runnable renewed) {
    this.settings = settings;
    this.connection = connection;
    this.log = log;
    this.renewed = renewed;
    this.until = settings.auth().expiry();
  }

  /** When the newest credentials expire. */
  Instant until() {
    return until;
  }

  /** Takes them, unless there are newer ones. */
  void take(Envelope message) {
    var given = Messages.readOfOperator(message, MessageType.CREDENTIALS, RenewedCredentials.class);
    if (!given.podUid().equals(settings.podUid())) {
      return;
    }
    try {
      var next = Credentials.parse(Sealed.open(settings.sealKey(), settings.pod(), given.sealed()));
      if (next.expiry().isAfter(until)) {
        until = next.expiry();
        Thread.ofPlatform().name("renewal").start(() -> use(next));
      }
    } catch (IllegalArgumentException e) {
      log.warn("new credentials cannot be used: " + e.getMessage());
    }
  }

  private void use(Credentials next) {
    try {
      connection.renew(next);
      log.info("credentials renewed until " + until);
      renewed.run();
    } catch (TransportException e) {
      // The connection goes on trying, and by now with the new ones.
      log.warn(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

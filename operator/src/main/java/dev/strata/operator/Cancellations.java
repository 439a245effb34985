package dev.strata.operator;

import dev.strata.protocol.Cancel;
import dev.strata.protocol.Envelope;
import dev.strata.protocol.MalformedEnvelopeException;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Transport;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkAdmin;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * Takes cancelled tasks out of their streams. An agent may not do that itself: NATS knows the right
 * to purge only for a whole stream. Every replica does it, whether it leads or not: only ended
 * tasks go, and one that was missed is executed for nothing.
 */
final class Cancellations implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Cancellations.class);

  private final WorkAdmin work;
  private final Executor executor;
  private final Transport.Subscription subscription;

  Cancellations(Transport transport, WorkAdmin work, Executor executor) {
    this.work = work;
    this.executor = executor;
    this.subscription = transport.subscribe(Subjects.ALL_CANCELLATIONS, this::receive);
  }

  /** Elsewhere, because heartbeats wait for this thread. */
  private void receive(String subject, Envelope envelope) {
    try {
      String task = Messages.readStrictly(envelope, MessageType.CANCEL, Cancel.class).id();
      if (!MessageIds.isToken(task)) {
        // It becomes part of a subject: a wildcard would take other tasks out, too.
        throw new MalformedEnvelopeException("\"" + task + "\" is no task id");
      }
      executor.execute(() -> remove(Subjects.poolOf(subject), task));
    } catch (MalformedEnvelopeException e) {
      LOG.debugf("no cancellation: %s", e.getMessage());
    }
  }

  private void remove(String pool, String task) {
    try {
      work.removeEnded(pool, task);
    } catch (TransportException e) {
      LOG.infof("cancelled task %s stays in its stream: %s", task, e.getMessage());
    }
  }

  @Override
  public void close() {
    subscription.close();
  }
}

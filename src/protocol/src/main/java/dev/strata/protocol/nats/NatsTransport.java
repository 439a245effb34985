package dev.strata.protocol.nats;

import dev.strata.protocol.Envelope;
import dev.strata.protocol.MalformedEnvelopeException;
import dev.strata.protocol.Transport;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** Messages over core NATS. All listeners run on one thread. */
public final class NatsTransport implements Transport {
  private final NatsConnection connection;
  private final Dispatcher dispatcher;
  private final AtomicLong malformed = new AtomicLong();

  /**
   * @param connection closed by {@link #close()}
   */
  public NatsTransport(NatsConnection connection) {
    this.connection = connection;
    this.dispatcher = connection.nats().createDispatcher();
  }

  @Override
  public void publish(String subject, Envelope envelope) {
    connection.publish(subject, envelope.encode());
    connection.wire().message(envelope);
  }

  @Override
  public Subscription subscribe(String subject, BiConsumer<String, Envelope> listener) {
    Predicate<Message> sent = Provenance.sentTo(subject);
    var subscription =
        dispatcher.subscribe(
            subject,
            message -> {
              if (!sent.test(message)) {
                malformed.incrementAndGet();
                return;
              }
              try {
                var envelope = Envelope.decode(message.getData());
                connection.wire().message(envelope);
                listener.accept(message.getSubject(), envelope);
              } catch (MalformedEnvelopeException e) {
                malformed.incrementAndGet();
              }
            });
    return () -> {
      if (dispatcher.isActive()) {
        dispatcher.unsubscribe(subscription);
      }
    };
  }

  @Override
  public boolean connected() {
    return connection.connected();
  }

  @Override
  public Duration connectedFor() {
    return connection.connectedFor();
  }

  @Override
  public long malformed() {
    return malformed.get();
  }

  @Override
  public boolean flush(Duration limit) {
    if (!connected()) {
      return false;
    }
    try {
      // The client returns as from an answer when too many questions stand already: it counts the
      // answers only.
      var counted = connection.nats().getStatistics();
      long answered = counted.getFlushCounter();
      connection.nats().flush(limit);
      return counted.getFlushCounter() > answered;
    } catch (TimeoutException | IllegalStateException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}

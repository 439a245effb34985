package dev.strata.e2e;

import dev.strata.protocol.Envelope;
import dev.strata.protocol.nats.Credentials;
import dev.strata.protocol.nats.SeedAuth;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Somebody with an agent's credentials and a client of his own, who tries what the server lets. */
final class Intruder implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /**
   * The server's refusal is there before its answer to a ping; this is for the listener's thread.
   */
  private static final Duration REFUSAL = Duration.ofMillis(500);

  private final LinkedBlockingQueue<String> refusals = new LinkedBlockingQueue<>();
  private final Connection connection;

  Intruder(String url, Credentials credentials) {
    var listener =
        new ErrorListener() {
          @Override
          public void errorOccurred(Connection connection, String error) {
            refusals.add(error);
          }
        };
    try {
      connection =
          Nats.connect(
              Options.builder()
                  .server(url)
                  .authHandler(new SeedAuth(credentials))
                  .errorListener(listener)
                  .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Whether the server takes a message. */
  boolean mayPublish(String subject) {
    connection.publish(subject, "{}".getBytes(StandardCharsets.UTF_8));
    return !refused(subject);
  }

  /** Sends what he is allowed to send. */
  void send(String subject, Envelope message) {
    connection.publish(subject, message.encode());
    if (refused(subject)) {
      throw new IllegalStateException("not his to send: " + subject);
    }
  }

  /** Whether the server lets him listen. */
  boolean mayHear(String subject) {
    Subscription subscription = connection.subscribe(subject);
    boolean refused = refused(subject);
    if (!refused) {
      subscription.unsubscribe();
    }
    return !refused;
  }

  private boolean refused(String subject) {
    try {
      connection.flush(LIMIT);
      String refusal = refusals.poll(REFUSAL.toMillis(), TimeUnit.MILLISECONDS);
      if (refusal != null
          && !(refusal.contains("Permissions Violation") && refusal.contains(subject))) {
        throw new IllegalStateException("not the answer to " + subject + ": " + refusal);
      }
      return refusal != null;
    } catch (TimeoutException e) {
      throw new IllegalStateException("the server does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

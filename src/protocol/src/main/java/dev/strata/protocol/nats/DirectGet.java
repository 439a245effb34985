package dev.strata.protocol.nats;

import dev.strata.protocol.MalformedEnvelopeException;
import dev.strata.protocol.TransportException;
import io.nats.client.Message;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Reads the last message of a subject from a stream, from any server that has it. */
final class DirectGet {
  static final Duration LIMIT = Duration.ofSeconds(3);
  private static final byte[] NOTHING = new byte[0];
  private static final int NOT_FOUND = 404;

  private final NatsConnection connection;
  private final String stream;

  /**
   * @param stream that allows it
   */
  DirectGet(NatsConnection connection, String stream) {
    this.connection = connection;
    this.stream = stream;
  }

  /** The question; there is a message if the answer is no status message. */
  CompletableFuture<Message> ask(String subject) {
    return connection.ask("$JS.API.DIRECT.GET." + stream + "." + subject, null, NOTHING, LIMIT);
  }

  /**
   * The message; empty when there is none.
   *
   * @throws TransportException when nobody answered, as where there is no such stream
   * @throws MalformedEnvelopeException when it was not published into this stream
   */
  Optional<Message> last(String subject) {
    Message message = connection.answer(subject, ask(subject), LIMIT);
    if (message.isStatusMessage()) {
      if (message.getStatus().getCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw new TransportException(
          "cannot read " + subject + ": " + message.getStatus().getMessageWithCode());
    }
    if (!Provenance.stored(stream, message)) {
      throw new MalformedEnvelopeException(
          subject + " was not published into " + stream + " but copied there");
    }
    return Optional.of(message);
  }
}

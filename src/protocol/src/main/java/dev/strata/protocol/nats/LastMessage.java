package dev.strata.protocol.nats;

import dev.strata.protocol.Messages;
import dev.strata.protocol.TransportException;
import io.nats.client.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads the last message of a subject from a stream, by way of the stream's leader. Its answer is
 * JSON with the message in it. The other way, a direct get, answers with the message itself, and to
 * whatever subject somebody names: see docs/decisions, "an answer is no message".
 */
final class LastMessage {
  static final Duration LIMIT = Duration.ofSeconds(3);
  private static final byte[] NOTHING = new byte[0];

  /** Error codes of JetStream. */
  private static final int NO_MESSAGE = 10037;

  private static final int NO_STREAM = 10059;

  private final NatsConnection connection;
  private final String stream;

  LastMessage(NatsConnection connection, String stream) {
    this.connection = connection;
    this.stream = stream;
  }

  /** Who may publish on this may read the stream. */
  static String right(String stream) {
    return "$JS.API.STREAM.MSG.GET." + stream;
  }

  /** Asks for the message; the answer is for {@link #answer}. */
  CompletableFuture<Message> ask(String subject) {
    String question = Messages.textOfValue(Map.of("last_by_subj", subject));
    return connection.ask(right(stream), null, question.getBytes(StandardCharsets.UTF_8), LIMIT);
  }

  /**
   * The message's bytes; empty when there is none.
   *
   * @throws TransportException when nobody answered, or there is no such stream
   */
  Optional<byte[]> answer(String subject, CompletableFuture<Message> asked) {
    Map<?, ?> answer = object(connection.answer(stream, asked, LIMIT));
    if (answer.get("error") instanceof Map<?, ?> error) {
      int code = error.get("err_code") instanceof Number number ? number.intValue() : 0;
      if (code == NO_MESSAGE) {
        return Optional.empty();
      }
      throw new TransportException(
          "cannot read %s: %s"
              .formatted(stream, code == NO_STREAM ? "no such stream" : error.get("description")));
    }
    if (!(answer.get("message") instanceof Map<?, ?> message)
        || !subject.equals(message.get("subject"))) {
      // An answer to another question, which somebody had sent here.
      throw new TransportException("cannot read " + stream + ": NATS did not answer the question");
    }
    return Optional.of(
        message.get("data") instanceof String data ? Base64.getDecoder().decode(data) : NOTHING);
  }

  /** Asks and waits. */
  Optional<byte[]> of(String subject) {
    return answer(subject, ask(subject));
  }

  /**
   * The object that the server answered with.
   *
   * @throws TransportException when it is no JSON object
   */
  static Map<?, ?> object(Message answer) {
    try {
      if (Messages.value(answer.getData()) instanceof Map<?, ?> object) {
        return object;
      }
    } catch (IOException e) {
      throw new TransportException("NATS gave an answer that is no JSON", e);
    }
    throw new TransportException("NATS gave an answer that is no JSON object");
  }
}

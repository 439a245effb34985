package dev.strata.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * Turns the message records into envelopes and back, as JSON. Fields that a reader does not know
 * are skipped.
 */
public final class Messages {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  private final MessageIds ids = new MessageIds(System::currentTimeMillis);
  private final int senderKey;

  /**
   * @param sender name of who sends, such as a pod's name
   */
  public Messages(String sender) {
    this.senderKey = Envelope.senderKey(sender);
  }

  /** Wraps a message record. */
  public Envelope wrap(MessageType type, Priority priority, long epoch, Object message) {
    return new Envelope(priority, type, ids.next(), senderKey, (int) epoch, json(message));
  }

  /**
   * Reads the payload of an envelope.
   *
   * @throws MalformedEnvelopeException when it is of another type or no such record
   */
  public static <T> T read(Envelope envelope, MessageType expected, Class<T> type) {
    if (envelope.type() != expected) {
      throw new MalformedEnvelopeException(
          "expected a message of type " + expected + " but got " + envelope.type());
    }
    try {
      return JSON.readValue(envelope.payload(), type);
    } catch (IOException e) {
      throw new MalformedEnvelopeException(
          "the payload is no " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  /** The mapper that everything on the wire is written with. */
  public static ObjectMapper mapper() {
    return JSON;
  }

  private static byte[] json(Object message) {
    try {
      return JSON.writeValueAsBytes(message);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot write " + message.getClass() + " as JSON", e);
    }
  }
}

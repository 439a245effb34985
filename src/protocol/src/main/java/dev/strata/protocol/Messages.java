package dev.strata.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.jr.ob.JSON;
import io.nats.client.support.JsonValue;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns the message records into envelopes and back, as JSON. Fields that a reader does not know
 * are skipped. Records and tasks are on the way of every agent's start and are read and written by
 * {@link Records}; values that may be anything, by a small Jackson, and trees by the one behind
 * {@link #mapper}, which has five times as many classes.
 */
public final class Messages {
  /** Made when it is first asked for. */
  private static final class Trees {
    static final ObjectMapper MAPPER =
        JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                JsonInclude.Value.construct(
                    JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();
  }

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
    return new Envelope(priority, type, ids.next(), senderKey, (int) epoch, Records.bytes(message));
  }

  /** Makes a record of JSON. */
  private interface Reader {
    <T> T read(byte[] json, Class<T> type) throws IOException;
  }

  /**
   * Reads the payload of an envelope that one of our own parts wrote.
   *
   * @throws MalformedEnvelopeException when it is of another type or no such record
   */
  public static <T> T read(Envelope envelope, MessageType expected, Class<T> type) {
    return read(envelope, expected, type, Records::read);
  }

  /**
   * Reads the payload of an envelope that somebody wrote whom the reader does not trust, by a
   * parser that takes JSON and nothing that resembles it.
   *
   * @throws MalformedEnvelopeException when it is of another type or no such record
   */
  public static <T> T readStrictly(Envelope envelope, MessageType expected, Class<T> type) {
    return read(envelope, expected, type, mapper()::readValue);
  }

  private static <T> T read(Envelope envelope, MessageType expected, Class<T> type, Reader reader) {
    expect(envelope, expected);
    try {
      return reader.read(envelope.payload(), type);
    } catch (IOException e) {
      throw new MalformedEnvelopeException(
          "the payload is no " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a task, whose submitter may be anybody with rights to submit.
   *
   * @throws MalformedEnvelopeException when it is of another type or no task
   */
  public static Task task(Envelope envelope) {
    expect(envelope, MessageType.TASK);
    try {
      Map<String, JsonValue> fields = Records.parse(envelope.payload()).map;
      if (fields != null) {
        JsonValue submitted = fields.get("submittedAtMillis");
        return new Task(
            required(fields, "id"),
            required(fields, "input"),
            submitted == null || submitted.number == null ? 0 : submitted.number.longValue(),
            text(fields, "reference"));
      }
    } catch (IOException e) {
      throw new MalformedEnvelopeException("the payload is no Task: " + e.getMessage(), e);
    }
    throw new MalformedEnvelopeException("the payload is no Task, which is a JSON object");
  }

  private static String required(Map<String, JsonValue> fields, String name) {
    String text = text(fields, name);
    if (text == null) {
      throw new MalformedEnvelopeException("the task has no field " + name + ": write one, a text");
    }
    return text;
  }

  private static @Nullable String text(Map<String, JsonValue> fields, String name) {
    JsonValue value = fields.get(name);
    if (value == null || value.type == JsonValue.Type.NULL) {
      return null;
    } else if (value.string == null) {
      throw new MalformedEnvelopeException(
          "the field %s of the task is no text: write JSON as a text, too".formatted(name));
    }
    return value.string;
  }

  private static void expect(Envelope envelope, MessageType expected) {
    if (envelope.type() != expected) {
      throw new MalformedEnvelopeException(
          "expected a message of type " + expected + " but got " + envelope.type());
    }
  }

  /**
   * Reads a record from JSON.
   *
   * @throws IOException when it is no JSON, or not that of such a record
   */
  public static <T> T record(byte[] json, Class<T> type) throws IOException {
    return Records.read(json, type);
  }

  /**
   * Reads whatever JSON says: maps, lists, texts, numbers, truths, null. Of two fields of one name
   * the last counts.
   *
   * @throws IOException when it is no JSON
   */
  public static @Nullable Object value(byte[] json) throws IOException {
    return JSON.std.without(JSON.Feature.FAIL_ON_DUPLICATE_MAP_KEYS).anyFrom(json);
  }

  /** Writes a record; what is null is left out. */
  public static String text(Object message) {
    return Records.text(message);
  }

  /** Writes a value as {@link #value} gives it, with all that it has. */
  public static String textOfValue(@Nullable Object value) {
    try {
      return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(value);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot write a value as JSON", e);
    }
  }

  /** For all other JSON: trees, settings, readers. */
  public static ObjectMapper mapper() {
    return Trees.MAPPER;
  }
}

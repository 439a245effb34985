package dev.strata.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns the message records into envelopes and back, as JSON. Fields that a reader does not know
 * are skipped. What is on the way of every agent's start goes by {@link Records}: all that is
 * written, what an agent hears of the operator, and small tasks. What else others may have written
 * is read by a small Jackson, and trees by the one behind {@link #mapper}, which has five times as
 * many classes.
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
  private interface Reader<T> {
    T read(byte[] json, Class<T> type) throws IOException;
  }

  /**
   * Reads the payload of an envelope. A field with a value of another type may be read as if it
   * were not there; see {@link #readStrictly}.
   *
   * @throws MalformedEnvelopeException when it is of another type or no such record
   */
  public static <T> T read(Envelope envelope, MessageType expected, Class<T> type) {
    return read(envelope, expected, type, (json, record) -> JSON.std.beanFrom(record, json));
  }

  /**
   * Reads the payload of an envelope on a subject on which only the operator may publish.
   *
   * @throws MalformedEnvelopeException when it is of another type or no such record
   */
  public static <T> T readOfOperator(Envelope envelope, MessageType expected, Class<T> type) {
    return read(envelope, expected, type, Records::read);
  }

  /**
   * Reads the payload of an envelope that somebody wrote whom the reader does not trust: what
   * cannot be meant is refused, such as an object where a text belongs, or a text that is no number
   * where a number does.
   *
   * @throws MalformedEnvelopeException when it is of another type or no such record
   */
  public static <T> T readStrictly(Envelope envelope, MessageType expected, Class<T> type) {
    return read(envelope, expected, type, mapper()::readValue);
  }

  private static <T> T read(
      Envelope envelope, MessageType expected, Class<T> type, Reader<T> reader) {
    expect(envelope, expected);
    try {
      return reader.read(envelope.payload(), type);
    } catch (IOException e) {
      throw new MalformedEnvelopeException(
          "the payload is no " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a task, whose submitter may be anybody with rights to submit. Of a small one something
   * that resembles JSON may be taken for it.
   *
   * @throws MalformedEnvelopeException when it is of another type or no task
   */
  public static Task task(Envelope envelope) {
    expect(envelope, MessageType.TASK);
    try {
      byte[] json = envelope.payload();
      Object value = Records.small(json) ? Records.fields(json) : value(json);
      if (value instanceof Map<?, ?> fields) {
        return new Task(
            required(fields, "id"),
            required(fields, "input"),
            fields.get("submittedAtMillis") instanceof Number millis ? millis.longValue() : 0,
            text(fields, "reference"));
      }
    } catch (IOException e) {
      throw new MalformedEnvelopeException("the payload is no Task: " + e.getMessage(), e);
    } catch (StackOverflowError e) {
      throw new MalformedEnvelopeException("the payload is no Task: it is nested too deep", e);
    }
    throw new MalformedEnvelopeException("the payload is no Task, which is a JSON object");
  }

  private static String required(Map<?, ?> fields, String name) {
    String text = text(fields, name);
    if (text == null) {
      throw new MalformedEnvelopeException("the task has no field " + name + ": write one, a text");
    }
    return text;
  }

  private static @Nullable String text(Map<?, ?> fields, String name) {
    Object value = fields.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new MalformedEnvelopeException(
        "the field %s of the task is no text: write JSON as a text, too".formatted(name));
  }

  private static void expect(Envelope envelope, MessageType expected) {
    if (envelope.type() != expected) {
      throw new MalformedEnvelopeException(
          "expected a message of type " + expected + " but got " + envelope.type());
    }
  }

  /**
   * Reads a record from JSON that one of our own parts wrote.
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

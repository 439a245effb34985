package dev.strata.protocol;

/**
 * What an {@link Envelope} carries; the code is part of the wire format and never changes meaning.
 */
public enum MessageType {
  HEARTBEAT(1),
  WANTED_STATE(2),
  TASK(3),
  RESULT(4),
  DEAD_LETTER(5),
  ATTEMPT(6),
  CANCEL(7),
  CREDENTIALS(8),
  TELEMETRY(9),
  WANTED_TELEMETRY(10),
  PROBE(11),
  PROBE_ANSWER(12);

  private final short code;

  MessageType(int code) {
    this.code = (short) code;
  }

  /** The two-byte code on the wire. */
  public short code() {
    return code;
  }

  /**
   * The type with this code.
   *
   * @throws MalformedEnvelopeException when no type has it
   */
  public static MessageType of(short code) {
    for (MessageType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new MalformedEnvelopeException(
        "unknown message type " + code + "; this version knows 1 to " + values().length);
  }
}

package dev.strata.protocol;

/**
 * What an {@link Envelope} carries; the code is part of the wire format and never changes meaning.
 */
public enum MessageType {
  HEARTBEAT(1, Use.CONTROL),
  WANTED_STATE(2, Use.CONTROL),
  TASK(3, Use.WORK),
  RESULT(4, Use.WORK),
  DEAD_LETTER(5, Use.WORK),
  ATTEMPT(6, Use.CONTROL),
  CANCEL(7, Use.CONTROL),
  CREDENTIALS(8, Use.CONTROL),
  TELEMETRY(9, Use.MEASURING),
  WANTED_TELEMETRY(10, Use.MEASURING),
  PROBE(11, Use.MEASURING),
  PROBE_ANSWER(12, Use.MEASURING),
  // What they carry is a user's input and an output, as in TASK and RESULT: the execution by n
  // agents is what the user asked for, and no overhead of ours.
  SECOND_OPINION(13, Use.WORK),
  OPINION(14, Use.WORK);

  /** What messages are for. */
  public enum Use {
    /** They carry what users gave and get. */
    WORK,
    /** Work needs them. */
    CONTROL,
    /** They tell how it goes, and work would go on without them. */
    MEASURING
  }

  private final short code;
  private final Use use;

  MessageType(int code, Use use) {
    this.code = (short) code;
    this.use = use;
  }

  /** What it is for. */
  public Use use() {
    return use;
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

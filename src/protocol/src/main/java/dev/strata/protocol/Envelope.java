package dev.strata.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * One message on the wire: a header of 24 bytes, big endian, then the payload.
 *
 * <pre>
 *  0 version (1)   1 flags (1)   2 priority, 2 bits, and TTL class, 6 bits (1)   3 codec (1)
 *  4 CRC32C over header (with this field as zero) and payload (4)
 *  8 message id (8)   16 sender key (4)   20 type (2)   22 epoch, low 16 bits (2)
 * </pre>
 *
 * The checksum covers what TLS does not: the store, the codec and our own mistakes.
 *
 * @param priority how urgent
 * @param type what the payload is
 * @param messageId unique per sender, see {@link MessageIds}
 * @param senderKey a hash of the sender's name, for display and de-duplication; not an
 *     authentication
 * @param epoch the sender's identity epoch, its low 16 bits
 * @param payload the body as sent, at most {@link #MAX_PAYLOAD_BYTES}
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode below look at the content
public record Envelope(
    Priority priority, MessageType type, long messageId, int senderKey, int epoch, byte[] payload) {
  /** Length of the header in bytes. */
  public static final int HEADER_BYTES = 24;

  /** The largest payload in bytes: NATS' default message limit of 1 MiB less room for headers. */
  public static final int MAX_PAYLOAD_BYTES = 1_000_000;

  /**
   * The largest payload of a dead letter, which has a whole task in it and how that ended. Below
   * NATS' default limit still.
   */
  public static final int MAX_DEAD_LETTER_BYTES = 1_040_000;

  private static final byte VERSION = 1;

  /** What begins with more is text. */
  private static final byte HIGHEST_VERSION = 31;

  private static final byte CODEC_JSON = 0;
  private static final int CRC_OFFSET = 4;

  public Envelope {
    Objects.requireNonNull(priority);
    Objects.requireNonNull(type);
    int most = type == MessageType.DEAD_LETTER ? MAX_DEAD_LETTER_BYTES : MAX_PAYLOAD_BYTES;
    if (payload.length > most) {
      throw new PayloadTooLargeException(payload.length, most);
    }
    epoch &= 0xFFFF;
  }

  /** A stable 32-bit key for a sender's name. */
  public static int senderKey(String name) {
    var crc = new CRC32C();
    crc.update(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  /** The bytes to send. */
  public byte[] encode() {
    var buffer = ByteBuffer.allocate(HEADER_BYTES + payload.length);
    buffer
        .put(VERSION)
        .put((byte) 0)
        .put((byte) (priority.code() << 6))
        .put(CODEC_JSON)
        .putInt(0)
        .putLong(messageId)
        .putInt(senderKey)
        .putShort(type.code())
        .putShort((short) epoch)
        .put(payload);
    byte[] bytes = buffer.array();
    buffer.putInt(CRC_OFFSET, checksum(bytes));
    return bytes;
  }

  /**
   * Reads an envelope and checks it.
   *
   * @throws MalformedEnvelopeException when the bytes are too short, of another version, damaged or
   *     of an unknown type
   */
  public static Envelope decode(byte[] bytes) {
    if (bytes.length < HEADER_BYTES) {
      throw new MalformedEnvelopeException(
          "a message of " + bytes.length + " bytes is shorter than the header of " + HEADER_BYTES);
    }
    var buffer = ByteBuffer.wrap(bytes);
    byte version = buffer.get();
    if (version <= 0 || version > HIGHEST_VERSION) {
      throw new MalformedEnvelopeException("no envelope: it begins with " + version);
    }
    if (version != VERSION) {
      throw new UnknownVersionException(
          "envelope version " + version + " is not known; this side speaks version " + VERSION);
    }
    buffer.get();
    int priority = (buffer.get() & 0xFF) >> 6;
    byte codec = buffer.get();
    int sent = buffer.getInt();
    if (sent != checksum(bytes)) {
      throw new MalformedEnvelopeException("checksum mismatch: the message was damaged on its way");
    }
    if (codec != CODEC_JSON) {
      throw new MalformedEnvelopeException(
          "codec " + codec + " is not known; send codec 0 (plain)");
    }
    long messageId = buffer.getLong();
    int senderKey = buffer.getInt();
    var type = MessageType.of(buffer.getShort());
    int epoch = buffer.getShort() & 0xFFFF;
    return new Envelope(
        Priority.of(priority),
        type,
        messageId,
        senderKey,
        epoch,
        Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length));
  }

  private static int checksum(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes, 0, CRC_OFFSET);
    crc.update(new byte[4]);
    crc.update(bytes, CRC_OFFSET + 4, bytes.length - CRC_OFFSET - 4);
    return (int) crc.getValue();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Envelope(var p, var t, var id, var key, var e, var body)
        && priority == p
        && type == t
        && messageId == id
        && senderKey == key
        && epoch == e
        && Arrays.equals(payload, body);
  }

  @Override
  public int hashCode() {
    return Objects.hash(priority, type, messageId, senderKey, epoch, Arrays.hashCode(payload));
  }

  @Override
  public String toString() {
    return type + " " + Long.toHexString(messageId) + " (" + payload.length + " bytes)";
  }
}

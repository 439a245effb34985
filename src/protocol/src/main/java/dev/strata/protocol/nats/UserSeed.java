package dev.strata.protocol.nats;

import java.util.Arrays;

/**
 * The text of a NATS user's seed: base 32 without padding of two bytes of prefix, 32 bytes of key
 * and two bytes of CRC-16 (source: NATS ADR-6).
 */
final class UserSeed {
  /** Length of the key. */
  static final int KEY_BYTES = 32;

  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  /** A seed (18 of 32), of a user (20 of 32), five bits each: the text begins with SU. */
  private static final byte[] PREFIX = {(byte) (18 << 3 | 20 >> 2), 0};

  /** CRC-16/XMODEM. */
  private static final int POLYNOMIAL = 0x1021;

  private UserSeed() {}

  /** Writes it. */
  static String text(byte[] key) {
    byte[] raw = Arrays.copyOf(PREFIX, PREFIX.length + KEY_BYTES + 2);
    System.arraycopy(key, 0, raw, PREFIX.length, KEY_BYTES);
    int crc = crc(raw, PREFIX.length + KEY_BYTES);
    raw[raw.length - 2] = (byte) crc;
    raw[raw.length - 1] = (byte) (crc >> 8);
    var text = new StringBuilder();
    int buffer = 0;
    int bits = 0;
    for (byte b : raw) {
      buffer = buffer << 8 | b & 0xFF;
      for (bits += 8; bits >= 5; bits -= 5) {
        text.append(ALPHABET.charAt(buffer >> bits - 5 & 31));
      }
    }
    return bits == 0
        ? text.toString()
        : text.append(ALPHABET.charAt(buffer << 5 - bits & 31)).toString();
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException when it is no user seed
   */
  static byte[] key(String text) {
    byte[] raw = base32(text);
    if (raw.length != PREFIX.length + KEY_BYTES + 2 || !text.startsWith("SU")) {
      throw new IllegalArgumentException(
          "not a NATS user seed: it starts with SU and has 58 characters");
    }
    return Arrays.copyOfRange(raw, PREFIX.length, PREFIX.length + KEY_BYTES);
  }

  private static int crc(byte[] bytes, int length) {
    int crc = 0;
    for (int i = 0; i < length; i++) {
      crc ^= (bytes[i] & 0xFF) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
      }
    }
    return crc & 0xFFFF;
  }

  private static byte[] base32(String text) {
    byte[] bytes = new byte[text.length() * 5 / 8];
    int buffer = 0;
    int bits = 0;
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      int value = ALPHABET.indexOf(text.charAt(i));
      if (value < 0) {
        throw new IllegalArgumentException("not a NATS user seed: it is not base 32");
      }
      buffer = buffer << 5 | value;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes[at++] = (byte) (buffer >> bits);
      }
    }
    return bytes;
  }
}

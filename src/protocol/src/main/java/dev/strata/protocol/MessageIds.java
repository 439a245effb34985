package dev.strata.protocol;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Makes 64-bit message ids (41 bits of milliseconds since 2020, 22 bits counted by this sender) and
 * 128-bit task ids (random, 32 hexadecimal digits).
 */
public final class MessageIds {
  /** 2020-01-01T00:00:00Z: 41 bits of milliseconds from here last until 2089. */
  private static final long EPOCH_MILLIS = 1_577_836_800_000L;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final LongSupplier clockMillis;
  private final AtomicInteger count = new AtomicInteger();

  public MessageIds(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
  }

  /** The next id of this sender: unique for 4,194,304 messages a millisecond. */
  public long next() {
    long millis = (clockMillis.getAsLong() - EPOCH_MILLIS) & ((1L << 41) - 1);
    return millis << 22 | (count.getAndIncrement() & 0x3FFFFF);
  }

  /** A random 128-bit task id in 32 lower-case hexadecimal digits. */
  public static String newTaskId() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Whether the text may be the id of a task, which is a word of subjects: 1 to 128 letters,
   * digits, hyphens and underscores of ASCII.
   */
  public static boolean isToken(String text) {
    return !text.isEmpty()
        && text.length() <= 128
        && text.chars()
            .allMatch(
                c ->
                    c >= '0' && c <= '9'
                        || c >= 'a' && c <= 'z'
                        || c >= 'A' && c <= 'Z'
                        || c == '-'
                        || c == '_');
  }

  /** Whether the text is a task id as {@link #newTaskId()} makes them. */
  public static boolean isTaskId(String text) {
    return text.length() == 32
        && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
  }
}

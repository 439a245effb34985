package dev.strata.core.pool;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Names of pods: the pool's name and five letters that follow from the pool's UID and a slot
 * number.
 */
final class PodNames {
  /** Kubernetes' own alphabet for generated names: no vowels, so no words. */
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  private static final int LENGTH = 5;

  private PodNames() {}

  static String name(String pool, String uid, int slot) {
    byte[] digest = sha256(uid + "/" + slot);
    var name = new StringBuilder(pool).append('-');
    for (int i = 0; i < LENGTH; i++) {
      name.append(LETTERS.charAt((digest[i] & 0xFF) % LETTERS.length()));
    }
    return name.toString();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

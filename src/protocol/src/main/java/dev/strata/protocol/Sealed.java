package dev.strata.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret that may pass where others listen, such as over a connection without TLS: AES-256-GCM
 * under the pool's key, bound to the name of the pod that it is meant for.
 */
public final class Sealed {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int KEY_BYTES = 32;

  private Sealed() {}

  /** A new random key, base 64. */
  public static String newKey() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  /**
   * Seals a text.
   *
   * @param key base 64 of 32 bytes
   * @param name what it is bound to; the same is needed to open it
   */
  public static String seal(String key, String name, String text) {
    byte[] nonce = new byte[NONCE_BYTES];
    new SecureRandom().nextBytes(nonce);
    byte[] sealed =
        crypt(Cipher.ENCRYPT_MODE, key, name, nonce, text.getBytes(StandardCharsets.UTF_8));
    byte[] both = Arrays.copyOf(nonce, nonce.length + sealed.length);
    System.arraycopy(sealed, 0, both, nonce.length, sealed.length);
    return Base64.getEncoder().encodeToString(both);
  }

  /**
   * Opens what {@link #seal} made.
   *
   * @throws IllegalArgumentException when key or name are others or the text was changed
   */
  public static String open(String key, String name, String sealed) {
    byte[] both = Base64.getDecoder().decode(sealed);
    if (both.length <= NONCE_BYTES) {
      throw new IllegalArgumentException("the sealed text is too short");
    }
    byte[] nonce = Arrays.copyOf(both, NONCE_BYTES);
    byte[] rest = Arrays.copyOfRange(both, NONCE_BYTES, both.length);
    return new String(crypt(Cipher.DECRYPT_MODE, key, name, nonce, rest), StandardCharsets.UTF_8);
  }

  private static byte[] crypt(int mode, String key, String name, byte[] nonce, byte[] input) {
    try {
      var cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          mode,
          new SecretKeySpec(Base64.getDecoder().decode(key), "AES"),
          new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "cannot " + (mode == Cipher.ENCRYPT_MODE ? "seal" : "open") + " the text of " + name, e);
    }
  }
}

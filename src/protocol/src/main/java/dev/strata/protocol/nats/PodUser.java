package dev.strata.protocol.nats;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.UnaryOperator;

/**
 * A pod's first NATS user, as it may stand in the pod's specification: its JWT, which is of no use
 * without the seed, and a salt from which whoever has the pool's key derives the seed. An agent has
 * it open in a tenth of the time that its JVM takes to decrypt something for the first time.
 *
 * <p>The seed is made as the one-step key derivation of NIST SP 800-56C rev. 2 makes keys, with
 * SHA-512, and bound to the pod's name. Eight bytes of the output that is no seed tell a wrong key
 * or name before a server does.
 *
 * @param salt base 64 of a random salt and of the check value
 * @param jwt the user JWT, signed by the account
 */
public record PodUser(String salt, String jwt) {
  private static final int KEY_BYTES = 32;
  private static final int SALT_BYTES = 16;
  private static final int CHECK_BYTES = 8;
  private static final byte[] COUNTER = {0, 0, 0, 1};
  private static final byte[] LABEL = "strata pod user\0".getBytes(StandardCharsets.UTF_8);
  private static final String BETWEEN = ":";

  /**
   * Makes one with a new salt.
   *
   * @param poolKey base 64 of the pool's 32-byte key
   * @param pod name of the pod
   * @param jwt gives the JWT of the user with a seed
   * @throws IllegalArgumentException when the key is of another length
   */
  public static PodUser make(String poolKey, String pod, UnaryOperator<String> jwt) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    byte[] derived = derive(poolKey, pod, salt);
    byte[] both = Arrays.copyOf(salt, SALT_BYTES + CHECK_BYTES);
    System.arraycopy(check(derived), 0, both, SALT_BYTES, CHECK_BYTES);
    return new PodUser(Base64.getEncoder().encodeToString(both), jwt.apply(seed(derived)));
  }

  /** One text, as it stands in the pod: salt, colon, JWT. */
  public String asText() {
    return salt + BETWEEN + jwt;
  }

  /**
   * Reads {@link #asText()}.
   *
   * @throws IllegalArgumentException when it is no such text
   */
  public static PodUser parse(String text) {
    int at = text.indexOf(BETWEEN);
    if (at < 0) {
      throw new IllegalArgumentException("a pod's user is a salt, a colon and a JWT");
    }
    return new PodUser(text.substring(0, at), text.substring(at + 1));
  }

  /**
   * What the pod shows to NATS.
   *
   * @throws IllegalArgumentException when it was made under another key or for another pod
   */
  public Credentials open(String poolKey, String pod) {
    byte[] both = Base64.getDecoder().decode(salt);
    if (both.length != SALT_BYTES + CHECK_BYTES) {
      throw new IllegalArgumentException(
          "the salt has %d bytes and not %d".formatted(both.length, SALT_BYTES + CHECK_BYTES));
    }
    byte[] derived = derive(poolKey, pod, Arrays.copyOf(both, SALT_BYTES));
    if (!Arrays.equals(check(derived), Arrays.copyOfRange(both, SALT_BYTES, both.length))) {
      throw new IllegalArgumentException("it was made under another key or for another pod");
    }
    return new Credentials(jwt, seed(derived));
  }

  private static String seed(byte[] derived) {
    return UserSeed.text(Arrays.copyOf(derived, UserSeed.KEY_BYTES));
  }

  private static byte[] check(byte[] derived) {
    return Arrays.copyOfRange(derived, UserSeed.KEY_BYTES, UserSeed.KEY_BYTES + CHECK_BYTES);
  }

  private static byte[] derive(String poolKey, String pod, byte[] salt) {
    byte[] key = Base64.getDecoder().decode(poolKey);
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "the pool's key has %d bytes and not %d".formatted(key.length, KEY_BYTES));
    }
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-512");
      hash.update(COUNTER);
      hash.update(key);
      hash.update(LABEL);
      hash.update(salt);
      return hash.digest(pod.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("a Java runtime without SHA-512", e);
    }
  }
}

package dev.strata.protocol.nats;

import dev.strata.protocol.TransportException;
import io.nats.client.AuthHandler;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Signs NATS' nonce with the JDK's own Ed25519, so an agent needs no BouncyCastle (6 MB of image, 8
 * MiB of memory).
 *
 * <p>A seed is base 32 without padding: two bytes of prefix, 32 bytes of key, two bytes of CRC-16
 * (source: NATS ADR-6).
 */
public final class SeedAuth implements AuthHandler {
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int KEY_BYTES = 32;

  private final CompletableFuture<User> first;
  private volatile @Nullable User renewed;

  /** Whose signature was asked for last: the JWT that follows it must be of the same user. */
  private volatile @Nullable User signing;

  private record User(Credentials credentials, PrivateKey key) {
    static User of(Credentials credentials) {
      return new User(credentials, privateKey(credentials.seed()));
    }

    byte[] sign(byte[] nonce) {
      try {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key);
        signature.update(nonce);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("cannot sign the server's nonce", e);
      }
    }
  }

  /**
   * @throws IllegalArgumentException when the seed is no user seed
   */
  public SeedAuth(Credentials credentials) {
    this(CompletableFuture.completedFuture(User.of(credentials)));
  }

  private SeedAuth(CompletableFuture<User> first) {
    this.first = first;
  }

  /**
   * Gets the credentials on a thread of its own and signs with them once, because what a JVM does
   * for the first time with keys takes it tens of milliseconds. Who needs them meanwhile waits.
   */
  public static SeedAuth opening(Supplier<Credentials> credentials) {
    return new SeedAuth(
        CompletableFuture.supplyAsync(
            () -> {
              User user = User.of(credentials.get());
              user.sign(new byte[KEY_BYTES]);
              return user;
            },
            task -> Thread.ofPlatform().daemon().name("credentials").start(task)));
  }

  /**
   * When the first credentials expire.
   *
   * @throws RuntimeException that of the supplier, when they cannot be had
   */
  public Instant expiry() {
    return first().credentials().expiry();
  }

  /**
   * Throws what getting the credentials threw, if it did so by now: to the client library that asks
   * for a signature it is a fault of the connection, which is tried again.
   */
  void check() {
    if (first.isCompletedExceptionally()) {
      first();
    }
  }

  private User first() {
    try {
      return first.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new TransportException("the credentials cannot be had", e);
    }
  }

  private User newest() {
    User user = renewed;
    return user == null ? first() : user;
  }

  /**
   * Uses these from the next connection on.
   *
   * @throws IllegalArgumentException when the seed is no user seed
   */
  void renew(Credentials credentials) {
    renewed = User.of(credentials);
  }

  @Override
  public byte[] sign(byte[] nonce) {
    User user = newest();
    signing = user;
    return user.sign(nonce);
  }

  @Override
  public char[] getID() {
    // With a JWT the server takes the user's public key from it.
    return new char[0];
  }

  @Override
  public char[] getJWT() {
    User user = signing;
    return (user == null ? newest() : user).credentials().jwt().toCharArray();
  }

  private static PrivateKey privateKey(String seed) {
    byte[] raw = base32(seed);
    if (raw.length != KEY_BYTES + 4 || !seed.startsWith("SU")) {
      throw new IllegalArgumentException(
          "not a NATS user seed: it starts with SU and has 58 characters");
    }
    try {
      byte[] key = Arrays.copyOfRange(raw, 2, 2 + KEY_BYTES);
      return KeyFactory.getInstance("Ed25519")
          .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, key));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a NATS user seed", e);
    }
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

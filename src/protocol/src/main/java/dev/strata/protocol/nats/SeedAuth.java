package dev.strata.protocol.nats;

import dev.strata.protocol.TransportException;
import io.nats.client.AuthHandler;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Signs NATS' nonce with the JDK's own Ed25519, so an agent needs no BouncyCastle (6 MB of image, 8
 * MiB of memory).
 */
public final class SeedAuth implements AuthHandler {
  private final CompletableFuture<User> first;
  private volatile @Nullable User renewed;

  /** Whose signature was asked for last: the JWT that follows it must be of the same user. */
  private volatile @Nullable User signing;

  /**
   * A key as it is. The JDK's factory would wrap it into the form that files have, with the first
   * pattern switch of the process on the way: a tenth of the time to the first heartbeat.
   */
  @SuppressWarnings("serial") // never written
  private static final class Key implements EdECPrivateKey {
    private final byte[] bytes;

    Key(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public Optional<byte[]> getBytes() {
      return Optional.of(bytes.clone());
    }

    @Override
    public NamedParameterSpec getParams() {
      return NamedParameterSpec.ED25519;
    }

    @Override
    public String getAlgorithm() {
      return "Ed25519";
    }

    @Override
    public @Nullable String getFormat() {
      return null;
    }

    @Override
    public byte @Nullable [] getEncoded() {
      return null;
    }
  }

  /**
   * The JDK's own Ed25519 and nothing else of its provider, which makes tables of all elliptic
   * curves before it gives anything: a third of the way to the first signature.
   */
  @SuppressWarnings("serial") // never written
  private static final class Ed25519 extends Provider {
    private static final String NAME = "Ed25519";
    private static final Provider ALONE = new Ed25519();

    private Ed25519() {
      super("StrataEd25519", "1", "Ed25519 of the JDK alone");
      put("Signature." + NAME, "sun.security.ec.ed.EdDSASignature$Ed25519");
    }

    static Signature signature() throws NoSuchAlgorithmException {
      try {
        return Signature.getInstance(NAME, ALONE);
      } catch (NoSuchAlgorithmException e) {
        // A JDK that has it elsewhere: on the long way it is found.
        return Signature.getInstance(NAME);
      }
    }
  }

  private record User(Credentials credentials, Key key) {
    static User of(Credentials credentials) {
      return new User(credentials, new Key(UserSeed.key(credentials.seed())));
    }

    byte[] sign(byte[] nonce) {
      try {
        Signature signature = Ed25519.signature();
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
              user.sign(new byte[UserSeed.KEY_BYTES]);
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
}

package dev.strata.protocol.nats;

import dev.strata.protocol.Messages;
import io.nats.client.support.JwtUtils;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * What a client shows to NATS: a user JWT and the seed of the key that it names. {@link
 * #toString()} shows neither.
 *
 * @param jwt the user JWT, signed by the account
 * @param seed the user's NKey seed, base 32, starts with SU
 */
public record Credentials(String jwt, String seed) {
  /** Of a JWT's claims what is asked for: when it expires, in seconds since 1970, and for whom. */
  private record Claims(long exp, String name) {}

  /** One text, as kept in a Secret or sent sealed: JWT, line feed, seed. */
  public String asText() {
    return jwt + "\n" + seed;
  }

  /** The same as other NATS clients read it from a file. */
  public String asFile() {
    return JwtUtils.NATS_USER_JWT_FORMAT.formatted(jwt, seed);
  }

  /**
   * Reads {@link #asText()} or {@link #asFile()}.
   *
   * @throws IllegalArgumentException when it is not two lines, beside those of a file that explain
   */
  public static Credentials parse(String text) {
    List<String> lines = text.lines().map(String::strip).filter(line -> !explains(line)).toList();
    if (lines.size() != 2) {
      throw new IllegalArgumentException(
          "credentials are two lines, a JWT and a seed; got " + lines.size() + " lines");
    }
    return new Credentials(lines.get(0), lines.get(1));
  }

  /** Empty lines, rules of dashes or stars, sentences. No pattern: each agent reads credentials. */
  private static boolean explains(String line) {
    return line.isEmpty() || line.startsWith("-") || line.startsWith("*") || line.indexOf(' ') >= 0;
  }

  /**
   * When servers stop to accept them and close the connections made with them; {@link Instant#MAX}
   * when never.
   *
   * @throws IllegalArgumentException when the first line is no JWT
   */
  public Instant expiry() {
    long seconds = claims().exp();
    return seconds == 0 ? Instant.MAX : Instant.ofEpochSecond(seconds);
  }

  /**
   * The user's name, from which its inbox prefix follows.
   *
   * @throws IllegalArgumentException when the first line is no JWT
   */
  public String name() {
    return claims().name();
  }

  private Claims claims() {
    String[] parts = jwt.split("\\.", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("a JWT has three parts, this has " + parts.length);
    }
    try {
      return Messages.record(Base64.getUrlDecoder().decode(parts[1]), Claims.class);
    } catch (IOException e) {
      throw new IllegalArgumentException("the claims of the JWT are no JSON with a time", e);
    }
  }

  @Override
  public String toString() {
    return "Credentials[hidden]";
  }
}

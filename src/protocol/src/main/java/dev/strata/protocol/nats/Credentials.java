package dev.strata.protocol.nats;

import java.util.List;

/**
 * What a client shows to NATS: a user JWT and the seed of the key that it names. {@link
 * #toString()} shows neither.
 *
 * @param jwt the user JWT, signed by the account
 * @param seed the user's NKey seed, base 32, starts with SU
 */
public record Credentials(String jwt, String seed) {
  /** One text, as kept in a Secret or sealed into a pod: JWT, line feed, seed. */
  public String asText() {
    return jwt + "\n" + seed;
  }

  /**
   * Reads {@link #asText()}.
   *
   * @throws IllegalArgumentException when it is not two lines
   */
  public static Credentials parse(String text) {
    List<String> lines = text.strip().lines().toList();
    if (lines.size() != 2) {
      throw new IllegalArgumentException(
          "credentials are two lines, a JWT and a seed; got " + lines.size() + " lines");
    }
    return new Credentials(lines.get(0), lines.get(1));
  }

  @Override
  public String toString() {
    return "Credentials[hidden]";
  }
}

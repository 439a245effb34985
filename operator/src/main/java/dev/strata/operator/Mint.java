package dev.strata.operator;

import dev.strata.protocol.Sealed;
import dev.strata.protocol.nats.NatsAccounts;
import dev.strata.protocol.nats.PodUser;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Makes the NATS users of pods: first ones that may stand in a pod's specification, and next ones
 * sealed, which may pass over a connection that is not encrypted.
 *
 * @param validity how long servers accept one; renewed when half of it is over
 */
record Mint(NatsAccounts accounts, Duration validity, Clock clock) {
  private static final Duration SHORTEST = Duration.ofSeconds(10);

  Mint {
    if (validity.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "STRATA_CREDENTIALS_VALIDITY is %s; an agent needs some seconds to start, write %s or more"
              .formatted(validity, SHORTEST));
    }
  }

  /**
   * The user that a pod starts with.
   *
   * @param verifier UID of the pool that the pod asks about its outputs; null: none
   */
  PodUser first(String poolUid, String pod, @Nullable String verifier, String sealKey) {
    return PodUser.make(
        sealKey, pod, seed -> accounts.agent(poolUid, pod, verifier, seed, validity, clock));
  }

  /**
   * The user that it goes on with.
   *
   * @param verifier UID of the pool that the pod asks about its outputs; null: none
   */
  String sealed(String poolUid, String pod, @Nullable String verifier, String sealKey) {
    return Sealed.seal(
        sealKey, pod, accounts.agent(poolUid, pod, verifier, validity, clock).asText());
  }

  /** Whether credentials that expire then are to be renewed now. */
  boolean due(Instant expiry) {
    return expiry.isBefore(clock.instant().plus(validity.dividedBy(2)));
  }
}

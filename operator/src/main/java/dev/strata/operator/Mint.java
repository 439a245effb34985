package dev.strata.operator;

import dev.strata.protocol.Sealed;
import dev.strata.protocol.nats.NatsAccounts;
import java.time.Clock;

/** Makes the NATS user of a pod, sealed so that it may stand in the pod's specification. */
record Mint(NatsAccounts accounts, Clock clock) {
  String sealed(String poolUid, String pod, String sealKey) {
    return Sealed.seal(sealKey, pod, accounts.agent(poolUid, pod, clock).asText());
  }
}

package dev.strata.protocol;

/**
 * A pod's next NATS user, on the subject of its wanted states. Level-triggered like those: sent
 * after every heartbeat whose credentials are past half of their life, until one has newer ones.
 *
 * @param podUid the pod that is meant; a process of another UID drops the message
 * @param sealed the user, {@link Sealed} with the pool's key and bound to the pod's name
 */
public record RenewedCredentials(String podUid, String sealed) {}

package dev.strata.protocol;

import org.jspecify.annotations.Nullable;

/**
 * An agent's sign of life: every second, and at once when its state changes (activated, first task
 * taken, drained).
 *
 * @param pool UID of the pool
 * @param pod name of the pod
 * @param podUid UID of the pod: what identities are bound to
 * @param process random id of the process, new at each start
 * @param node name of the node it runs on
 * @param sequence counts from 1 for this process
 * @param role what the agent believes it is
 * @param identity the identity it holds, {@code <pool>-<ordinal>}; null while spare
 * @param epoch epoch of that identity; 0 while spare
 * @param suspect true while the agent was out of touch (frozen or cut off) for so long that it may
 *     have been replaced: it holds its results back until its wanted state is confirmed
 * @param inFlight tasks being executed now
 * @param slots tasks that it can execute at a time
 * @param taken tasks taken since activation
 * @param done tasks finished with a stored result since start
 * @param failedAttempts handler attempts that failed since start
 * @param startupMillis process start to first heartbeat in milliseconds: in a container the process
 *     is the runtime's at first, which sets the container up
 * @param jvmMillis start of the JVM to first heartbeat in milliseconds
 * @param credentialsUntil when the newest credentials that the agent has expire, seconds since 1970
 * @param aotCache whether the ahead-of-time cache of the image is in use
 */
public record Heartbeat(
    String pool,
    String pod,
    String podUid,
    String process,
    String node,
    long sequence,
    Role role,
    @Nullable String identity,
    long epoch,
    boolean suspect,
    int inFlight,
    int slots,
    long taken,
    long done,
    long failedAttempts,
    long startupMillis,
    long jvmMillis,
    long credentialsUntil,
    boolean aotCache) {

  /** Whether a draining agent has nothing left to finish. */
  public boolean drained() {
    return role == Role.DRAINING && inFlight == 0;
  }
}

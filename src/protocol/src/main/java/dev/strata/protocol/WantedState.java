package dev.strata.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What the operator wants one pod to be. Level-triggered: sent whenever a heartbeat disagrees with
 * it, or is suspect, until a heartbeat agrees. An agent accepts one identity in its life and
 * answers a second one by refusing it.
 *
 * @param podUid the pod that is meant; a process of another UID drops the message
 * @param role what it is to be
 * @param identity the identity it is to hold; null unless active
 * @param epoch epoch of that identity
 * @param reason a machine-readable reason, such as ScaledUp
 * @param answers sequence number of the heartbeat that it answers, which confirms an agent that was
 *     out of touch; 0: none
 */
public record WantedState(
    String podUid, Role role, @Nullable String identity, long epoch, String reason, long answers) {

  /** One that answers no heartbeat. */
  public WantedState(
      String podUid, Role role, @Nullable String identity, long epoch, String reason) {
    this(podUid, role, identity, epoch, reason, 0);
  }

  /** The same as the answer to a heartbeat. */
  public WantedState answering(long heartbeat) {
    return new WantedState(podUid, role, identity, epoch, reason, heartbeat);
  }
}

package dev.strata.agent;

import dev.strata.protocol.Role;

/**
 * How an agent is at one moment.
 *
 * @param overrun more handlers were abandoned than it can bear: only a restart helps
 */
public record Health(
    Role role,
    boolean connected,
    boolean suspect,
    boolean overrun,
    int inFlight,
    int slots,
    boolean aotCache) {

  /** Whether the process is worth keeping. */
  public boolean live() {
    return !overrun;
  }

  /** Whether it can be sent requests. */
  public boolean ready() {
    return connected && !overrun && (role == Role.SPARE || role == Role.ACTIVE);
  }
}

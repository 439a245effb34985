package dev.strata.agent;

import dev.strata.agent.work.Gate;
import dev.strata.protocol.Role;
import dev.strata.protocol.Transport;
import java.time.Duration;

/** Derives what an agent may do from what it is and how well it is in touch. */
final class AgentGate implements Gate {
  /** How long to wait for a confirmation once it was asked for. */
  private static final Duration CONFIRMATION = Duration.ofSeconds(30);

  private final Membership membership;
  private final InTouch touch;
  private final Transport transport;
  private volatile boolean ending;

  AgentGate(Membership membership, InTouch touch, Transport transport) {
    this.membership = membership;
    this.touch = touch;
    this.transport = transport;
  }

  /** The time to finish is over: what cannot be stored now goes back. */
  void end() {
    ending = true;
  }

  @Override
  public boolean mayFetch() {
    return membership.state().role() == Role.ACTIVE && !touch.suspect() && transport.connected();
  }

  @Override
  public Verdict mayStore() {
    if (membership.state().role() == Role.FENCED) {
      return Verdict.DROP;
    }
    if (!touch.suspect()) {
      return ending && !transport.connected() ? Verdict.HAND_BACK : Verdict.STORE;
    }
    return ending || touch.askedFor().compareTo(CONFIRMATION) > 0
        ? Verdict.HAND_BACK
        : Verdict.HOLD;
  }
}

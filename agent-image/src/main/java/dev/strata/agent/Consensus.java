package dev.strata.agent;

import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.telemetry.TelemetryLane;
import dev.strata.agent.validation.LaterJudgements;
import dev.strata.agent.validation.Validation;
import dev.strata.agent.validation.Votes;
import dev.strata.agent.work.Gate;
import dev.strata.agent.work.Opinions;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Role;
import dev.strata.protocol.Telemetry.Peer;
import dev.strata.protocol.Transport;
import java.util.concurrent.atomic.AtomicBoolean;

/** What an agent has where a majority judges outputs: it asks its peers, and they ask it. */
final class Consensus implements Judges {
  private final Opinions opinions;
  private final Votes votes;
  private final LaterJudgements later;
  private final boolean failing;
  private final AtomicBoolean closed = new AtomicBoolean();

  Consensus(
      AgentSettings settings,
      TaskHandler handler,
      Transport transport,
      Messages messages,
      TelemetryLane telemetry,
      Membership membership,
      Gate gate,
      Counts counts) {
    AgentConfig config = settings.config();
    AgentConfig.Validation asked = config.validation();
    String pool = settings.pool();
    String pod = settings.pod();
    this.failing = asked != null && asked.failing();
    this.opinions =
        new Opinions(transport, messages, pool, pod, handler, config, membership, gate, counts);
    this.votes =
        new Votes(
            transport,
            messages,
            pool,
            pod,
            config,
            () -> telemetry.peers().stream().map(Peer::pod).toList(),
            () -> membership.state().role() == Role.ACTIVE);
    this.later = new LaterJudgements(votes, votesAtATime(config));
  }

  /**
   * Each agent is asked by as many as it asks: with more votes at a time the slots of all would be
   * taken, and votes lost that could have waited.
   */
  private static int votesAtATime(AgentConfig config) {
    return Math.max(1, config.concurrency() / (config.voters() - 1));
  }

  @Override
  public Validation validation() {
    return failing ? Validation.by(votes) : Validation.afterwardsBy(votes, later);
  }

  /** Whoever waits for a vote goes on without; what is being executed for peers ends. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    votes.close();
    opinions.close();
    later.close();
  }
}

package dev.strata.agent;

import dev.strata.agent.validation.LaterJudgements;
import dev.strata.agent.validation.Validation;
import dev.strata.agent.validation.Verifier;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.nats.NatsConnection;
import dev.strata.protocol.nats.NatsWorkLane;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** What an agent has where another pool judges outputs: it hands tasks to that pool. */
final class Verification implements Judges {
  private final Verifier verifier;
  private final LaterJudgements later;
  private final boolean failing;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param asked names the pool that judges
   */
  Verification(AgentSettings settings, AgentConfig.Validation asked, NatsConnection connection) {
    AgentConfig config = settings.config();
    this.failing = asked.failing();
    this.verifier =
        new Verifier(
            new NatsWorkLane(connection, String.valueOf(asked.verifier()), settings.pod()),
            settings.pool(),
            Duration.ofMillis(config.taskTimeoutMillis()));
    this.later = new LaterJudgements(verifier, config.concurrency());
  }

  @Override
  public Validation validation() {
    return failing ? Validation.by(verifier) : Validation.afterwardsBy(verifier, later);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    verifier.close();
    later.close();
  }
}

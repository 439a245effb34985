package dev.strata.operator;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/**
 * What the operator is told from outside; environment variables such as STRATA_AGENT_IMAGE set it.
 */
@ConfigMapping(prefix = "strata")
public interface OperatorConfig {
  /** Image of agents whose template names none. */
  String agentImage();

  /** The Secret with the NATS keys and the URL, in the operator's own namespace. */
  String natsSecret();

  /** How long the NATS user of an agent is good for; it is renewed when half of that is over. */
  Duration credentialsValidity();

  /** The operator's own namespace. */
  String namespace();

  /** The operator's own name among its replicas. */
  String identity();
}

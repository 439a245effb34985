package dev.strata.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * What the operator is told from outside; environment variables such as STRATA_AGENT_IMAGE set it.
 */
@ConfigMapping(prefix = "strata")
public interface OperatorConfig {
  /** Image of agents whose template names none. */
  String agentImage();

  /** The Secret with the NATS keys and the URL, in the operator's own namespace. */
  String natsSecret();

  /** How many NATS servers keep each stream. */
  @WithDefault("1")
  int streamReplicas();

  /** The operator's own namespace. */
  String namespace();

  /** The operator's own name among its replicas. */
  String identity();
}

package dev.strata.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the operator is told from outside; environment variables such as STRATA_AGENT_IMAGE set it.
 */
@ConfigMapping(prefix = "strata")
public interface OperatorConfig {
  /** Image of agents whose template names none. */
  String agentImage();

  /** The Secret with the NATS keys and the URL, in the operator's own namespace. */
  String natsSecret();

  /**
   * File with the PEM certificates of who vouches for the NATS servers. Without it, the key ca.crt
   * of the Secret counts; without either, the trust store of the image.
   */
  Optional<Path> natsCaFile();

  /** How many NATS servers keep each stream. */
  @WithDefault("1")
  int streamReplicas();

  /** The Lease by which its replicas elect the one that acts, in their own namespace. */
  String lease();

  /** The gate of its own in its own namespace that times the way to a status. */
  String canary();

  /** Namespaces whose pools it keeps; without it, all of the cluster. */
  Optional<List<String>> watchNamespaces();

  /** How long the NATS user of an agent is good for; it is renewed when half of that is over. */
  Duration credentialsValidity();

  /** The operator's own namespace. */
  String namespace();

  /** The operator's own name among its replicas. */
  String identity();
}

package dev.strata.harness;

import dev.strata.protocol.nats.NatsAccounts;
import io.fabric8.kubernetes.client.KubernetesClient;

/** A cluster with Strata at work, whatever its nodes are made of. */
public interface Site extends AutoCloseable {
  /** The administrator's client. */
  KubernetesClient client();

  /** The namespace for pools. */
  String namespace();

  /** Where NATS is reached from here. */
  String natsUrl();

  /** The keys with which NATS users are minted. */
  NatsAccounts accounts();

  /** All writes to the API server so far. */
  AuditLog audit();

  /** The id that the agent of a pod has here; -1 when it does not run. */
  long agentProcess(String node, String pod);

  @Override
  void close();
}

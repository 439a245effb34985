package dev.strata.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.quarkus.runtime.Quarkus;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Who of several operators acts. Losing the lease while running ends the process, since what it
 * still plans is no longer its to do; at an orderly end the lease is given back, so the next one
 * need not wait for it to run out.
 */
@Singleton
public final class Leadership {
  private static final Logger LOG = Logger.getLogger(Leadership.class);
  private static final Duration LEASE_DURATION = Duration.ofSeconds(15);
  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
  private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);

  private final AtomicBoolean leading = new AtomicBoolean();
  private final AtomicBoolean ending = new AtomicBoolean();

  /** What the operator SDK elects with. */
  @SuppressWarnings("deprecation") // the SDK's exit hangs in a shutdown hook; ours does not
  @Produces
  @Singleton
  LeaderElectionConfiguration election(OperatorConfig config) {
    return new LeaderElectionConfiguration(
        config.lease(),
        config.namespace(),
        LEASE_DURATION,
        RENEW_DEADLINE,
        RETRY_PERIOD,
        config.identity(),
        new LeaderCallbacks(
            this::started, this::stopped, leader -> LOG.infof("the leader is %s", leader)),
        false);
  }

  private void started() {
    leading.set(true);
    LOG.info("leading");
  }

  private void stopped() {
    if (leading.getAndSet(false) && !ending.get()) {
      LOG.error("the leader lease was lost: ending, so that nothing is done twice");
      Quarkus.asyncExit(1);
    }
  }

  /** Whether this process acts. */
  boolean leading() {
    return leading.get();
  }

  /** From here on losing the lease is what we want. */
  void ending() {
    ending.set(true);
  }

  /** Gives the lease back if it is ours. */
  void release(KubernetesClient client, OperatorConfig config) {
    try {
      Lease lease = client.leases().inNamespace(config.namespace()).withName(config.lease()).get();
      if (lease != null && config.identity().equals(lease.getSpec().getHolderIdentity())) {
        client
            .resource(
                new LeaseBuilder(lease)
                    .editSpec()
                    .withHolderIdentity("")
                    .withLeaseDurationSeconds(1)
                    .endSpec()
                    .build())
            .update();
      }
    } catch (KubernetesClientException e) {
      LOG.infof("the leader lease was not given back and runs out by itself: %s", e.getMessage());
    }
  }
}

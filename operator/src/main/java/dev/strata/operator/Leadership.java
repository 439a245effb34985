package dev.strata.operator;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Who of several operators acts. Losing the lease while running ends the process, since what it
 * still plans is no longer its to do; at an orderly end the lease is given back as soon as the
 * reconciles in progress are over, so the next one need not wait for it to run out.
 */
@Singleton
public final class Leadership {
  /**
   * How long a lease lasts that nobody renews. With the others' looking about every {@link
   * #RETRY_PERIOD} and their taking over, a dead leader is replaced within 15 s; an API server that
   * is away for less than {@link Fence#RENEW_DEADLINE} costs no leader.
   */
  static final Duration LEASE_DURATION = Duration.ofSeconds(12);

  /** How often the leader renews; the others look after one to 2.2 of it. */
  private static final Duration RETRY_PERIOD = Duration.ofSeconds(1);

  /** For an orderly end, which may wait for the same answer that the elector waits for. */
  private static final Duration LAST_RESORT = Duration.ofSeconds(5);

  private static final Logger LOG = Logger.getLogger(Leadership.class);

  private final Fence fence;
  private final OperatorConfig config;
  private final Instance<KubernetesClient> client;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("leadership").factory());

  /** Wired by CDI. */
  public Leadership(Fence fence, OperatorConfig config, Instance<KubernetesClient> client) {
    this.fence = fence;
    this.config = config;
    this.client = client;
    var unused =
        timer.scheduleWithFixedDelay(
            this::endWhenOverdue,
            RETRY_PERIOD.toMillis(),
            RETRY_PERIOD.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** What the operator SDK elects with. */
  @SuppressWarnings("deprecation") // the SDK's exit hangs in a shutdown hook; ours does not
  @Produces
  @Singleton
  LeaderElectionConfiguration election() {
    return new LeaderElectionConfiguration(
        config.lease(),
        config.namespace(),
        LEASE_DURATION,
        Fence.RENEW_DEADLINE,
        RETRY_PERIOD,
        config.identity(),
        new LeaderCallbacks(
            this::started, this::stopped, leader -> LOG.infof("the leader is %s", leader)),
        false);
  }

  private void started() {
    fence.named();
    started.set(true);
    LOG.info("leading");
    own();
    runTasks();
  }

  /** Runs once this process acts; at once if it does already. */
  void whenStarted(Runnable task) {
    tasks.add(task);
    if (started.get()) {
      runTasks();
    }
  }

  /** Each once, whichever of two threads comes first. */
  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /**
   * The lease goes with the Secret of the release, so that an uninstall leaves nothing behind. It
   * is not in the chart, because an upgrade must not touch who leads.
   *
   * <p>To the {@link Fence} a write to the lease is a renewal, so this is one: of a lease that has
   * this process's name, on the condition that nobody wrote in between.
   */
  private void own() {
    try {
      Lease lease =
          client.get().leases().inNamespace(config.namespace()).withName(config.lease()).require();
      if (!lease.getMetadata().getOwnerReferences().isEmpty()
          || !config.identity().equals(lease.getSpec().getHolderIdentity())) {
        return;
      }
      Secret secret =
          client
              .get()
              .secrets()
              .inNamespace(config.namespace())
              .withName(config.natsSecret())
              .require();
      client
          .get()
          .resource(
              new LeaseBuilder(lease)
                  .editMetadata()
                  .addNewOwnerReference()
                  .withApiVersion("v1")
                  .withKind("Secret")
                  .withName(config.natsSecret())
                  .withUid(secret.getMetadata().getUid())
                  .endOwnerReference()
                  .endMetadata()
                  .editSpec()
                  .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                  .endSpec()
                  .build())
          .lockResourceVersion(lease.getMetadata().getResourceVersion())
          .update();
    } catch (KubernetesClientException e) {
      LOG.infof(
          "the leader lease stays after an uninstall, unless a later leader is luckier: %s",
          e.getMessage());
    }
  }

  /** Whether this process acts. */
  boolean leading() {
    return started.get() && fence.holds();
  }

  /**
   * Whether this process can say who is who. From the beginning of its end on its caches stop one
   * by one, and an agent whose Lease is in none of them would be taken for superseded.
   */
  boolean knows() {
    return leading() && !ending.get();
  }

  /** Comes before the SDK's own observer: from here on an end of the lease is what we want. */
  void ending(@Observes @Priority(1) ShutdownEvent event) {
    ending.set(true);
  }

  /** Called when the lease was lost, and by the SDK's orderly stop when its reconciles are over. */
  private void stopped() {
    fence.close();
    if (!started.getAndSet(false)) {
      return;
    }
    if (ending.get()) {
      release();
    } else {
      exit("the leader lease was lost: ending, so that nothing is done twice");
    }
  }

  /**
   * The elector finds out that a lease was lost when its turn ends, and a turn lasts as long as a
   * request does: with all its attempts, where connections are refused, longer than the lease.
   * Until then a process would run that may write nothing and is not replaced.
   */
  private void endWhenOverdue() {
    if (ending.get() || !fence.isOverdue(LEASE_DURATION)) {
      return;
    }
    started.set(false);
    fence.close();
    exit(
        "the leader lease was not renewed for %d s: ending, so that another one leads"
            .formatted(LEASE_DURATION.toSeconds()));
  }

  /** In an orderly way, or after {@link #LAST_RESORT} without. */
  private void exit(String why) {
    LOG.error(why);
    var unused =
        timer.schedule(
            () -> Runtime.getRuntime().halt(1), LAST_RESORT.toMillis(), TimeUnit.MILLISECONDS);
    Quarkus.asyncExit(1);
  }

  /** The process may still be stopped by force, which is scheduled once. */
  @PreDestroy
  void end() {
    timer.shutdown();
  }

  private void release() {
    try {
      Lease lease =
          client.get().leases().inNamespace(config.namespace()).withName(config.lease()).get();
      if (lease != null && config.identity().equals(lease.getSpec().getHolderIdentity())) {
        client
            .get()
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

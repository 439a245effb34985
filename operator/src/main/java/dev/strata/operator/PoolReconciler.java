package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.core.pool.Action;
import dev.strata.core.pool.PoolPlanner;
import dev.strata.protocol.TransportException;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Keeps one pool what its spec says: observe, decide, act, report. */
@ControllerConfiguration(
    name = "agentpool",
    // Otherwise a spec edit that lands during our status patch can be lost in this version of the
    // SDK.
    informer = @Informer(comparableResourceVersions = false),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 2, timeUnit = TimeUnit.MINUTES))
public final class PoolReconciler implements Reconciler<AgentPool> {
  private static final Logger LOG = Logger.getLogger(PoolReconciler.class);

  private final OperatorParts parts;

  /** Wired by {@link OperatorParts}. */
  public PoolReconciler(OperatorParts parts) {
    this.parts = parts;
  }

  @Override
  public List<EventSource<?, AgentPool>> prepareEventSources(
      EventSourceContext<AgentPool> context) {
    return parts.watch(context);
  }

  @Override
  public UpdateControl<AgentPool> reconcile(AgentPool cached, Context<AgentPool> context) {
    if (cached.isMarkedForDeletion()) {
      return UpdateControl.noUpdate();
    }
    long began = System.nanoTime();
    AgentPool pool = parts.know(cached);
    String uid = pool.getMetadata().getUid();
    List<Pod> pods = parts.pods().of(pool);
    List<Lease> leases = parts.leases().of(pool);
    var ground = parts.ground().ensure(pool, Revisions.inUse(pods));
    if (parts.rollbacks().takeBack(pool, ground, pods)) {
      ground = parts.ground().ensure(pool, Revisions.inUse(pods));
    }
    parts.pacing().specSeen(uid, pool.getMetadata().getGeneration());
    var seen = parts.observer().observe(pool, pods, leases, ground.templates().history());
    var plan = PoolPlanner.plan(seen);
    parts.observer().planned(seen, plan);
    parts.ledger().planned(uid, plan.of(Action.Activate.class), plan.facts().unmet(), began);
    var done = parts.actuator().carryOut(new Basis(pool, pods, leases, ground, seen.spent()), plan);
    parts.ruled(pool, plan);
    parts.rollbacks().remember(pool, ground, plan.facts());
    parts.narrator().tell(pool, done.carriedOut());
    parts.poolMeters().count(pool, done);
    return parts.reporter().report(pool, ground, done);
  }

  @Override
  public ErrorStatusUpdateControl<AgentPool> updateErrorStatus(
      AgentPool pool, Context<AgentPool> context, Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null && !(cause instanceof TransportException)) {
      cause = cause.getCause();
    }
    String why = (cause instanceof TransportException ? cause : e).getMessage();
    LOG.warnf("%s could not be reconciled, trying again: %s", pool.getMetadata().getName(), why);
    LOG.debug("the error", e);
    // The SDK's own retries end after five; ours never do, once a second.
    return parts
        .reporter()
        .unserved(pool, String.valueOf(why))
        .withNoRetry()
        .rescheduleAfter(Duration.ofSeconds(1));
  }
}

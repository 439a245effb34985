package dev.strata.operator.gate;

import dev.strata.api.FedSignals;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateProfile;
import dev.strata.api.v1alpha1.QualityGateStatus;
import dev.strata.core.gate.GateConditions.Said;
import dev.strata.core.gate.Verdict;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Evaluates one gate: finds its pool and its targets, and reports how they stand. */
@ControllerConfiguration(
    name = "qualitygate",
    // As for pools: otherwise an edit that lands during our status write can be lost.
    informer = @Informer(comparableResourceVersions = false),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 5, timeUnit = TimeUnit.MINUTES))
public final class GateReconciler implements Reconciler<QualityGate> {
  private static final Logger LOG = Logger.getLogger(GateReconciler.class);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(2);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

  private static final String SPEC_INVALID = "SpecInvalid";

  /** A pool tells its gates when it is known; this is for a pool that cannot be kept just now. */
  private static final Duration POOL_COMES = Duration.ofSeconds(5);

  private final GateBoard board;
  private final Pools pools;
  private final GateReporter reporter;
  private final StatusWriter writer;
  private final GateNews news;
  private final Compiler compiler = new Compiler(FedSignals.read());
  private final Profiles profiles;
  private final ExecutorService reviews =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("profiles").factory());
  private final Pulse pulse = new Pulse();
  private @Nullable ProfileSource clusterProfiles;

  /** Begins when the cache of gates is filled, as sources beside it do. */
  private final class Pulse extends SimpleInboundEventSource<QualityGate> {
    Pulse() {
      super("verdicts");
    }

    @Override
    public void start() {
      super.start();
      board.allKnown();
    }
  }

  /** Wired by CDI. */
  public GateReconciler(GateBoard board, Pools pools, KubernetesClient client) {
    this.board = board;
    this.pools = pools;
    this.reporter = new GateReporter(board);
    this.writer = new StatusWriter(client, board::existing);
    this.news = new GateNews(pools);
    this.profiles = new Profiles(client, pools, compiler);
  }

  @Override
  public List<EventSource<?, QualityGate>> prepareEventSources(
      EventSourceContext<QualityGate> context) {
    var gates = context.getPrimaryCache();
    board.gates(
        gate -> pulse.propagateEvent(ResourceID.fromResource(gate)), () -> gates.list().toList());
    if (!pools.wholeCluster()) {
      return List.of(pulse);
    }
    var source =
        new ProfileSource(context, profile -> reviews.execute(() -> profiles.review(profile)));
    // Not on the thread of the election, which the pools wait for.
    pools.whenLeading(
        () ->
            reviews.execute(
                () -> {
                  profiles.apply();
                  source.list().forEach(profiles::review);
                }));
    clusterProfiles = source;
    return List.of(pulse, source);
  }

  @PreDestroy
  void end() {
    reviews.shutdownNow();
  }

  @Override
  public UpdateControl<QualityGate> reconcile(QualityGate gate, Context<QualityGate> context) {
    if (gate.isMarkedForDeletion()) {
      return UpdateControl.noUpdate();
    }
    long looked = board.now();
    QualityGateStatus before = writer.last(gate);
    QualityGateStatus now = evaluate(gate, before);
    if (now == null) {
      return UpdateControl.<QualityGate>noUpdate().rescheduleAfter(POOL_COMES);
    }
    board.looked(gate);
    if (writer.write(gate, now)) {
      board.acknowledged(gate, looked);
      news.tell(gate, before, now);
    } else {
      board.unsaid(gate, looked);
    }
    return UpdateControl.<QualityGate>noUpdate().rescheduleAfter(LOOK_AGAIN);
  }

  @Override
  public ErrorStatusUpdateControl<QualityGate> updateErrorStatus(
      QualityGate gate, Context<QualityGate> context, Exception e) {
    if (e instanceof KubernetesClientException) {
      LOG.warnf(
          "what is said of gate %s could not be written, trying again: %s",
          gate.getMetadata().getName(), e.getMessage());
    } else {
      LOG.errorf(e, "gate %s could not be looked at, trying again", gate.getMetadata().getName());
      // It may come again without end, and the pool cannot wait for that.
      board.looked(gate);
    }
    // As for pools: the SDK's own retries end after five.
    return ErrorStatusUpdateControl.<QualityGate>noStatusUpdate()
        .withNoRetry()
        .rescheduleAfter(TRY_AGAIN);
  }

  /** What is to be said; null while nothing is known yet. */
  private @Nullable QualityGateStatus evaluate(
      QualityGate gate, @Nullable QualityGateStatus before) {
    String name = gate.getSpec().poolRef().name();
    Optional<Pools.Pool> pool = pools.find(gate.getMetadata().getNamespace(), name);
    if (gate.getSpec().suspend()) {
      board.remove(gate);
      return reporter.idle(
          gate,
          List.of(
              new Said(
                  "Ready", Verdict.Met, "Suspended", "spec.suspend is true: nothing is judged")),
          "Suspended",
          null,
          before);
    }
    if (pool.isEmpty() && pools.exists(gate.getMetadata().getNamespace(), name)) {
      // An operator that has just begun reads its pools still: what was said before it stays.
      return null;
    }
    if (pool.isEmpty()) {
      board.remove(gate);
      return reporter.idle(
          gate,
          List.of(
              new Said(
                  "Ready",
                  Verdict.Violated,
                  "TargetNotFound",
                  "there is no AgentPool %s in this namespace: create it, or correct spec.poolRef.name"
                      .formatted(name))),
          "TargetNotFound",
          null,
          before);
    }
    try {
      List<Target> targets =
          Overrides.targets(gate.getSpec(), profiles.finder(this::inCluster), compiler);
      ThresholdRules.check(gate.getSpec(), targets, pool.get().cutOff());
      EnforcementRules.check(gate.getSpec(), targets, board.now());
      return reporter.judged(board.take(gate, pool.get().uid(), targets), before);
    } catch (BadGateException e) {
      String message = String.valueOf(e.getMessage());
      return reporter.idle(
          gate,
          List.of(
              new Said("Ready", Verdict.Violated, SPEC_INVALID, message),
              new Said("Stalled", Verdict.Met, SPEC_INVALID, message)),
          SPEC_INVALID,
          board.spoiled(gate, pool.get().uid(), SPEC_INVALID).orElse(null),
          before);
    }
  }

  private Optional<QualityGateProfile> inCluster(String name) {
    ProfileSource source = clusterProfiles;
    return source == null ? Optional.empty() : source.get(new ResourceID(name));
  }
}

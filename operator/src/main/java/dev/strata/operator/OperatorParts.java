package dev.strata.operator;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.core.pool.Action;
import dev.strata.core.pool.Plan;
import dev.strata.operator.gate.Canary;
import dev.strata.operator.gate.GateBoard;
import dev.strata.operator.gate.TelemetryInbox;
import dev.strata.operator.gate.Throughput;
import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.Role;
import dev.strata.protocol.WantedState;
import dev.strata.protocol.nats.NatsTransport;
import dev.strata.protocol.nats.NatsWorkAdmin;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The parts of the operator and how they hang together; made once, ended once. */
@Singleton
public final class OperatorParts {
  private static final Duration DEFAULT_SILENCE = Duration.ofSeconds(3);

  private final KubernetesClient client;
  private final Leadership leadership;
  private final Scope scope;
  private final Clock clock = Clock.systemUTC();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final OwnWrites<Pod> ownPods = new OwnWrites<>();
  private final OwnWrites<Lease> ownLeases = new OwnWrites<>();
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final SimpleInboundEventSource<AgentPool> pulse =
      new SimpleInboundEventSource<>("pulses");
  private final NatsLink link;
  private final NatsTransport transport;
  private final Pulses pulses;
  private final WantedStates wanted;
  private final Verifiers verifiers;
  private final Renewals renewals;
  private final Cancellations cancellations;
  private final Pacing pacing;
  private final SpawnLedger ledger;
  private final PoolMeters poolMeters;
  private final PoolGround ground;
  private final PoolActuator actuator;
  private final Evictor evictor;
  private final Rollbacks rollbacks;
  private final PoolReporter reporter;
  private final Narrator narrator;
  private final StreamSweeper sweeper;
  private final PoolDirectory directory;
  private final GateBoard gates;
  private final TelemetryInbox telemetry;
  private final Throughput throughput;
  private final Canary canary;
  private @Nullable Cache<AgentPool> pools;
  private @Nullable PoolResources<Pod> pods;
  private @Nullable PoolResources<Lease> leases;
  private @Nullable PoolObserver observer;

  /** A pool that was reconciled: where it is and how long its agents may be silent. */
  private record Known(AgentPool pool, ResourceID id, Duration silence) {}

  /** Wired by CDI; connects to NATS. */
  public OperatorParts(
      KubernetesClient client,
      OperatorConfig config,
      Leadership leadership,
      MeterRegistry meters,
      ObjectMapper json,
      PoolDirectory directory,
      GateBoard gates) {
    this.client = client;
    this.directory = directory;
    this.gates = gates;
    this.leadership = leadership;
    this.scope = Scope.of(config);
    this.link = NatsLink.open(client, config, clock);
    this.transport = new NatsTransport(link.connection());
    var work = new NatsWorkAdmin(link.connection(), config.streamReplicas());
    var creator = new Creator(client);
    var mint = new Mint(link.accounts(), config.credentialsValidity(), clock);
    this.verifiers = new Verifiers(this::poolsIn);
    this.renewals = new Renewals(transport, mint);
    this.cancellations = new Cancellations(transport, work, executor);
    this.wanted = new WantedStates(transport, leadership);
    this.pacing = new Pacing(clock);
    this.ledger = new SpawnLedger(meters, gates);
    this.poolMeters = new PoolMeters(meters);
    Gauge.builder("strata.operator.leading", leadership, l -> l.leading() ? 1 : 0).register(meters);
    this.narrator = new Narrator(client, executor, clock, config.identity());
    this.ground = new PoolGround(client, creator, work, json, narrator, clock);
    this.evictor = new Evictor(client, clock);
    this.rollbacks = new Rollbacks(ground, gates, clock);
    this.actuator =
        new PoolActuator(
            client,
            creator,
            new PodBlueprint(
                json,
                config.agentImage(),
                new NatsServers(link.url(), link.authority(), executor),
                link.authority()),
            mint,
            verifiers,
            wanted,
            ownPods,
            ownLeases,
            pacing,
            gates,
            ledger,
            evictor,
            executor,
            clock);
    this.reporter = new PoolReporter(ledger, narrator, gates, verifiers, clock);
    this.pulses = new Pulses(transport);
    this.sweeper = new StreamSweeper(client, work, leadership, scope, this::forget);
    pulses.listen(this::heard, this::silent);
    directory.open(
        pool -> pods().of(pool),
        pool -> leases().of(pool),
        pool -> pulse.propagateEvent(ResourceID.fromResource(pool)),
        narrator);
    this.canary =
        new Canary(
            transport, gates, client, config.namespace(), config.canary(), config.natsSecret());
    directory.pretend(canary.pool());
    gates.start(directory, work);
    this.telemetry = new TelemetryInbox(transport, gates);
    this.throughput = new Throughput(work, gates);
    if (scope.has(config.namespace())) {
      canary.start();
    }
    pulses.silence(
        uid -> Optional.ofNullable(known.get(uid)).map(Known::silence).orElse(DEFAULT_SILENCE));
  }

  /** The caches and inboxes whose events start a reconcile. */
  List<EventSource<?, AgentPool>> watch(EventSourceContext<AgentPool> context) {
    var podSource = new PoolResources<>(Pod.class, "pods", ownPods, this::podGone, context);
    var leaseSource = new PoolResources<>(Lease.class, "leases", ownLeases, lease -> {}, context);
    this.pods = podSource;
    this.pools = context.getPrimaryCache();
    this.leases = leaseSource;
    sweeper.start();
    throughput.start();
    if (!scope.wholeCluster()) {
      // Nodes belong to no namespace. Each counts as ready, so a lost one shows in the silence of
      // its agents only; many silent ones at once wait until Kubernetes itself removes their pods.
      this.observer = new PoolObserver(pulses, pacing, node -> true, gates, evictor, clock);
      return List.of(podSource, leaseSource, pulse);
    }
    var nodes = new Nodes(context, podSource);
    this.observer = new PoolObserver(pulses, pacing, nodes::ready, gates, evictor, clock);
    return List.of(podSource, leaseSource, nodes.source(), pulse);
  }

  /**
   * Takes note of a pool that is being reconciled. The first time, it and what belongs to it are
   * read from the API server, so that a new leader does not act on caches that lag behind its
   * predecessor, or behind the user.
   *
   * @return the pool as it is known best: what was read may be newer than the cache for a while
   */
  AgentPool know(AgentPool cached) {
    String uid = cached.getMetadata().getUid();
    Known before = known.get(uid);
    if (before == null) {
      // Before anything of the pool is measured. Where the engine does not answer, the reconcile
      // is tried again: to begin anew would lose verdicts.
      gates.open(uid);
    }
    AgentPool pool = newest(cached, before == null ? read(cached) : before.pool());
    if (before == null) {
      // Before its agents are answered, which are told who they are from these.
      readChildren(pool);
    }
    known.put(
        uid,
        new Known(
            pool, ResourceID.fromResource(pool), PoolObserver.policy(pool.getSpec()).silence()));
    directory.know(pool);
    if (before == null) {
      gates.poolSeen(pool.getMetadata().getNamespace(), pool.getMetadata().getName());
    }
    return pool;
  }

  private AgentPool read(AgentPool cached) {
    AgentPool there = client.resource(cached).get();
    boolean same =
        there != null && there.getMetadata().getUid().equals(cached.getMetadata().getUid());
    return same ? there : cached;
  }

  private static AgentPool newest(AgentPool one, AgentPool other) {
    return one.getMetadata().getGeneration() >= other.getMetadata().getGeneration() ? one : other;
  }

  private void readChildren(AgentPool pool) {
    String namespace = pool.getMetadata().getNamespace();
    String name = pool.getMetadata().getName();
    client
        .pods()
        .inNamespace(namespace)
        .withLabel(Names.POOL, name)
        .list()
        .getItems()
        .forEach(ownPods::wrote);
    client
        .leases()
        .inNamespace(namespace)
        .withLabel(Names.POOL, name)
        .list()
        .getItems()
        .forEach(ownLeases::wrote);
  }

  /** Says at the gates of a pool what keeps them from evicting. */
  void ruled(AgentPool pool, Plan plan) {
    // After a refusal nothing is asked for a while, which does not make it allowed.
    if (evictor.mayAsk(pool)) {
      gates.enforcement().ruled(pool.getMetadata().getUid(), plan.of(Action.Forgo.class));
    }
  }

  private void forget(String poolUid) {
    Known gone = known.remove(poolUid);
    ground.forget(poolUid);
    pacing.forget(poolUid);
    ledger.forgetPool(poolUid);
    directory.forget(poolUid);
    gates.forgetPool(poolUid);
    reporter.forget(poolUid);
    evictor.forget(poolUid);
    rollbacks.forget(poolUid);
    PoolObserver looking = observer;
    if (looking != null) {
      looking.forget(poolUid);
    }
    if (gone != null) {
      poolMeters.forget(
          poolUid, gone.pool().getMetadata().getNamespace(), gone.pool().getMetadata().getName());
    }
  }

  /** Without this, what is remembered of pods would grow with every pod that ever lived. */
  private void podGone(Pod pod) {
    String uid = pod.getMetadata().getUid();
    pod.getMetadata()
        .getOwnerReferences()
        .forEach(
            owner -> {
              pulses.forget(owner.getUid(), pod.getMetadata().getName());
              ledger.forget(owner.getUid(), uid);
            });
  }

  private void heard(@Nullable Heartbeat before, Heartbeat now) {
    Known pool = known.get(now.pool());
    if (pool == null || !leadership.knows() || pretends(pool.pool(), now)) {
      return;
    }
    ledger.heard(
        now, pool.pool().getMetadata().getNamespace(), pool.id().getName(), System.nanoTime());
    wanted(pool.pool(), now).ifPresent(state -> wanted.answer(now, state));
    if (renewals.due(now)) {
      pod(pool.pool(), now.podUid()).ifPresent(pod -> renew(pool.pool(), pod, now));
    }
    if (Pulses.matters(before, now)) {
      pulse.propagateEvent(pool.id());
    }
  }

  /** Whether an agent gives the UID of another pod for its own. */
  private boolean pretends(AgentPool pool, Heartbeat now) {
    return pod(pool, now.podUid())
        .filter(pod -> !pod.getMetadata().getName().equals(now.pod()))
        .isPresent();
  }

  private void renew(AgentPool pool, Pod pod, Heartbeat now) {
    ground.sealKey(now.pool()).ifPresent(key -> renewals.send(now, verifiers.of(pool, pod), key));
  }

  private Stream<AgentPool> poolsIn(String namespace) {
    return started(pools).list(p -> namespace.equals(p.getMetadata().getNamespace()));
  }

  private void silent(Heartbeat last) {
    Known pool = known.get(last.pool());
    if (pool == null) {
      // Another operator's, at the same servers: nobody tells us when its pod is gone.
      pulses.forget(last.pool(), last.pod());
    } else {
      pulse.propagateEvent(pool.id());
    }
  }

  /**
   * What a pod is to be: its Lease decides, then its role label. Nothing is said of a pod that the
   * cache does not know yet.
   */
  private Optional<WantedState> wanted(AgentPool pool, Heartbeat heartbeat) {
    String uid = heartbeat.podUid();
    Optional<Pod> pod = pod(pool, uid);
    if (pod.isEmpty()) {
      // A pod that is not there any more but still speaks, seen long after every cache has caught
      // up.
      return heartbeat.sequence() > 30 && !ownPods.isDeleted(uid) && heartbeat.role() != Role.SPARE
          ? Optional.of(new WantedState(uid, Role.FENCED, null, 0, "PodDeleted"))
          : Optional.empty();
    }
    String role = pod.get().getMetadata().getLabels().get(Names.ROLE);
    if (Role.DRAINING.label().equals(role)) {
      return Optional.of(new WantedState(uid, Role.DRAINING, null, 0, "Draining"));
    }
    if (Names.QUARANTINED.equals(role)) {
      return quarantined(pool, heartbeat);
    }
    Optional<Lease> lease =
        leases().of(pool).stream()
            .filter(l -> uid.equals(l.getSpec().getHolderIdentity()))
            .findFirst();
    if (lease.isPresent()) {
      if (pod.get().getMetadata().getDeletionTimestamp() != null) {
        return Optional.empty();
      }
      return Optional.of(
          new WantedState(
              uid,
              Role.ACTIVE,
              lease.get().getMetadata().getName(),
              lease.get().getSpec().getLeaseTransitions(),
              "Confirmed"));
    }
    boolean spare = heartbeat.role() == Role.SPARE && Role.SPARE.label().equals(role);
    boolean leaving = heartbeat.role() == Role.DRAINING && !heartbeat.suspect();
    return spare || leaving
        ? Optional.empty()
        : Optional.of(new WantedState(uid, Role.FENCED, null, 0, "Superseded"));
  }

  /**
   * A quarantined agent finishes under its identity. Without it, it stays as it is, unless it still
   * believes that it works: then it ends.
   */
  private Optional<WantedState> quarantined(AgentPool pool, Heartbeat heartbeat) {
    String uid = heartbeat.podUid();
    boolean holds =
        leases().of(pool).stream().anyMatch(l -> uid.equals(l.getSpec().getHolderIdentity()));
    if (holds) {
      return Optional.of(new WantedState(uid, Role.DRAINING, null, 0, "Quarantined"));
    }
    return heartbeat.role() == Role.DRAINING
        ? Optional.empty()
        : Optional.of(new WantedState(uid, Role.FENCED, null, 0, "Superseded"));
  }

  private Optional<Pod> pod(AgentPool pool, String uid) {
    return pods().of(pool).stream().filter(p -> p.getMetadata().getUid().equals(uid)).findFirst();
  }

  PoolResources<Pod> pods() {
    return started(pods);
  }

  PoolResources<Lease> leases() {
    return started(leases);
  }

  PoolObserver observer() {
    return started(observer);
  }

  PoolGround ground() {
    return ground;
  }

  Rollbacks rollbacks() {
    return rollbacks;
  }

  Pacing pacing() {
    return pacing;
  }

  SpawnLedger ledger() {
    return ledger;
  }

  PoolActuator actuator() {
    return actuator;
  }

  PoolReporter reporter() {
    return reporter;
  }

  Narrator narrator() {
    return narrator;
  }

  PoolMeters poolMeters() {
    return poolMeters;
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the operator has not started its watches yet");
    }
    return part;
  }

  /** Ends what was started, in the reverse order. */
  @PreDestroy
  void end() {
    sweeper.close();
    canary.close();
    throughput.close();
    telemetry.close();
    pulses.close();
    cancellations.close();
    transport.close();
    executor.shutdownNow();
  }
}

package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.api.v1alpha1.AgentPoolSpec;
import dev.strata.api.v1alpha1.TolerationSpec;
import dev.strata.core.pool.IdentityView;
import dev.strata.core.pool.Phase;
import dev.strata.core.pool.Plan;
import dev.strata.core.pool.PodRole;
import dev.strata.core.pool.PodView;
import dev.strata.core.pool.PoolHold;
import dev.strata.core.pool.PoolPolicy;
import dev.strata.core.pool.PoolView;
import dev.strata.core.pool.Spent;
import dev.strata.core.pool.TemplateHistory;
import dev.strata.core.pool.Trouble;
import dev.strata.core.pool.Violator;
import dev.strata.operator.gate.GateBoard;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Caches to an immutable view: what the planner may look at, and nothing else. */
final class PoolObserver {
  /** The taints of a node that is not ready. */
  private static final Set<String> LOST =
      Set.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");

  private final Pulses pulses;
  private final Pacing pacing;
  private final Predicate<@Nullable String> nodeReady;
  private final GateBoard gates;
  private final Evictor evictor;
  private final Clock clock;

  /** How many agents the last plan aimed at, of pools whose size is held. */
  private final Map<String, Integer> heldAt = new ConcurrentHashMap<>();

  PoolObserver(
      Pulses pulses,
      Pacing pacing,
      Predicate<@Nullable String> nodeReady,
      GateBoard gates,
      Evictor evictor,
      Clock clock) {
    this.pulses = pulses;
    this.pacing = pacing;
    this.nodeReady = nodeReady;
    this.gates = gates;
    this.evictor = evictor;
    this.clock = clock;
  }

  PoolView observe(AgentPool pool, List<Pod> pods, List<Lease> leases, TemplateHistory templates) {
    String uid = pool.getMetadata().getUid();
    List<Violator> violators =
        evictor.mayAsk(pool) ? gates.enforcement().violators(uid) : List.of();
    List<PodView> seen = pods.stream().map(pod -> view(uid, pod)).toList();
    seen.stream()
        .filter(p -> p.trouble() != null && p.trouble().reason().equals("OOMKilled"))
        .forEach(p -> gates.outOfMemory(uid, p.uid(), p.name()));
    List<IdentityView> identities =
        leases.stream().map(PoolObserver::identity).flatMap(Optional::stream).toList();
    boolean asked =
        !violators.isEmpty()
            || (evictor.mayAsk(pool)
                && gates.enforcement().takesAway(uid)
                && deleted(seen, identities));
    Optional<List<Spent>> spent = asked ? evictor.spent(pool) : Optional.of(List.of());
    if (spent.isEmpty()) {
      gates
          .enforcement()
          .hindered(
              uid,
              "AccountUnreadable",
              "the annotation %s of PodDisruptionBudget %s cannot be read: remove it if somebody has written it by hand"
                  .formatted(Evictor.ACCOUNT, pool.getMetadata().getName()));
    }
    return new PoolView(
        pool.getMetadata().getName(),
        uid,
        policy(pool.getSpec()),
        templates.inForce().hash(),
        seen,
        identities,
        pulses.listening(),
        pacing.refusal(uid),
        pacing.refillTokens(uid),
        pacing.sinceActivation(uid),
        gates.enforcement().holds(uid).stream()
            .filter(hold -> hold.kind() != PoolHold.Kind.ROLLOUT || templates.accused(hold.since()))
            .toList(),
        heldAt.get(uid),
        spent.isEmpty() ? List.of() : violators,
        violators.isEmpty() ? Set.of() : gates.enforcement().affected(uid),
        spent.orElse(List.of()),
        clock.instant());
  }

  /**
   * Whether agents are being deleted that were at work, or were: those that an eviction takes away.
   */
  private static boolean deleted(List<PodView> pods, List<IdentityView> identities) {
    Set<String> there = pods.stream().map(PodView::uid).collect(Collectors.toSet());
    return pods.stream().anyMatch(p -> p.terminating() && p.role() == PodRole.ACTIVE)
        || identities.stream().anyMatch(i -> i.holder() != null && !there.contains(i.holder()));
  }

  /** Takes note of what was planned for a view. */
  void planned(PoolView seen, Plan plan) {
    if (seen.holdsSize()) {
      heldAt.put(seen.uid(), plan.facts().desired());
    } else {
      heldAt.remove(seen.uid());
    }
  }

  void forget(String uid) {
    heldAt.remove(uid);
  }

  static PoolPolicy policy(AgentPoolSpec spec) {
    int percent = Math.ceilDiv(spec.replicas() * spec.warm().percent(), 100);
    return new PoolPolicy(
        spec.replicas(),
        Math.max(spec.warm().target(), percent),
        Duration.ofSeconds(spec.recovery().silenceSeconds()),
        Duration.ofSeconds(spec.drain().timeoutSeconds()),
        spec.update().maxUnavailable(),
        spec.recovery().maxAttempts(),
        Duration.ofSeconds(spec.recovery().backoffSeconds()),
        Duration.ofSeconds(spec.recovery().maxBackoffSeconds()),
        spec.template().tolerations().stream().anyMatch(PoolObserver::staysOnLostNodes));
  }

  /** Whether the scheduler still binds pods to nodes that it knows to be not ready. */
  private static boolean staysOnLostNodes(TolerationSpec toleration) {
    return (toleration.key() == null || LOST.contains(toleration.key()))
        && (toleration.effect() == null
            || toleration.effect() == TolerationSpec.Effect.NO_SCHEDULE);
  }

  private PodView view(String pool, Pod pod) {
    var metadata = pod.getMetadata();
    Map<String, String> labels = metadata.getLabels();
    String node = pod.getSpec().getNodeName();
    ContainerStateTerminated ended = terminated(pod);
    return new PodView(
        metadata.getName(),
        metadata.getUid(),
        node,
        nodeReady.test(node),
        role(labels.get(Names.ROLE)),
        labels.get(Names.IDENTITY),
        number(labels.get(Names.EPOCH)),
        labels.getOrDefault(Names.REVISION, ""),
        phase(pod),
        condition(pod, "Ready").map(c -> "True".equals(c.getStatus())).orElse(false),
        metadata.getDeletionTimestamp() != null,
        Instant.parse(metadata.getCreationTimestamp()),
        started(pod),
        ended == null ? null : instant(ended.getFinishedAt()),
        annotated(pod, Names.DRAIN_SINCE),
        annotated(pod, Names.QUARANTINED_UNTIL),
        trouble(pod, ended),
        pulses.of(pool, metadata.getName(), metadata.getUid()));
  }

  private static @Nullable Instant annotated(Pod pod, String name) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    return annotations == null ? null : instant(annotations.get(name));
  }

  static Optional<IdentityView> identity(Lease lease) {
    String ordinal = lease.getMetadata().getLabels().get(Names.ORDINAL);
    if (ordinal == null) {
      return Optional.empty();
    }
    Integer transitions = lease.getSpec().getLeaseTransitions();
    return Optional.of(
        new IdentityView(
            Integer.parseInt(ordinal),
            lease.getSpec().getHolderIdentity(),
            transitions == null ? 0 : transitions));
  }

  private static PodRole role(@Nullable String label) {
    return label == null ? PodRole.FENCED : PodRole.valueOf(label.toUpperCase(Locale.ROOT));
  }

  private static Phase phase(Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return switch (phase == null ? "" : phase) {
      case "Running" -> Phase.RUNNING;
      case "Succeeded" -> Phase.SUCCEEDED;
      case "Failed" -> Phase.FAILED;
      default -> Phase.PENDING;
    };
  }

  private static @Nullable Instant started(Pod pod) {
    ContainerStatus status = agent(pod);
    if (status == null || status.getState() == null) {
      return null;
    }
    if (status.getState().getRunning() != null) {
      return instant(status.getState().getRunning().getStartedAt());
    }
    return status.getState().getTerminated() == null
        ? null
        : instant(status.getState().getTerminated().getStartedAt());
  }

  private static @Nullable ContainerStateTerminated terminated(Pod pod) {
    ContainerStatus status = agent(pod);
    return status == null || status.getState() == null ? null : status.getState().getTerminated();
  }

  private static @Nullable Trouble trouble(Pod pod, @Nullable ContainerStateTerminated ended) {
    if (ended != null) {
      return new Trouble(text(ended.getReason()), text(ended.getMessage()), ended.getExitCode());
    }
    var scheduled = condition(pod, "PodScheduled");
    if (scheduled.isPresent() && "Unschedulable".equals(scheduled.get().getReason())) {
      return new Trouble("Unschedulable", text(scheduled.get().getMessage()), 0);
    }
    if (pod.getStatus() == null) {
      return null;
    }
    for (ContainerStatus status : pod.getStatus().getContainerStatuses()) {
      var waiting = status.getState() == null ? null : status.getState().getWaiting();
      if (waiting != null
          && waiting.getMessage() != null
          && !"ContainerCreating".equals(waiting.getReason())) {
        return new Trouble(family(text(waiting.getReason())), waiting.getMessage(), 0);
      }
    }
    return null;
  }

  /** The kubelet says ErrImagePull and ImagePullBackOff by turns of one and the same thing. */
  private static String family(String reason) {
    return reason.equals("ImagePullBackOff") ? "ErrImagePull" : reason;
  }

  private static @Nullable ContainerStatus agent(Pod pod) {
    if (pod.getStatus() == null) {
      return null;
    }
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> status.getName().equals(Names.CONTAINER))
        .findFirst()
        .orElse(null);
  }

  private static Optional<PodCondition> condition(Pod pod, String type) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getConditions().stream()
            .filter(c -> c.getType().equals(type))
            .findFirst();
  }

  private static @Nullable Instant instant(@Nullable String text) {
    return text == null ? null : Instant.parse(text);
  }

  private static long number(@Nullable String text) {
    return text == null ? 0 : Long.parseLong(text);
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}

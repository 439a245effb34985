package dev.strata.harness;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Nodes for many pods of which none runs anything: a pod that is bound to one of them is said to be
 * Running and Ready at once, and is deleted when asked. Its agent, if it is to have one, is made by
 * who is told of it.
 */
public final class BulkNodes implements AutoCloseable {
  private static final String PREFIX = "bulk-";
  private static final Duration RENEWAL = Duration.ofSeconds(2);
  private static final int RENEWALS_A_STATUS = 5;
  private static final int LEASE_SECONDS = 40;
  private static final int WRITERS = 8;
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final KubernetesClient client;
  private final BiConsumer<Pod, IntConsumer> started;
  private final Consumer<Pod> ended;
  private final Set<String> running = ConcurrentHashMap.newKeySet();
  private final Set<String> ending = ConcurrentHashMap.newKeySet();
  private final ExecutorService writers =
      Executors.newFixedThreadPool(
          WRITERS, Thread.ofPlatform().daemon().name("bulk node").factory());
  private final ScheduledExecutorService renewal =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("bulk leases").factory());
  private final List<String> names;
  private final SharedIndexInformer<Pod> pods;
  private long renewals;

  /**
   * Registers the nodes.
   *
   * @param count how many nodes
   * @param capacity pods on each
   * @param started told of each pod once it is Running, with what ends it by an exit code
   * @param ended told of each pod that is asked to end
   */
  @SuppressWarnings("FutureReturnValueIgnored") // it ends with the executor
  public BulkNodes(
      KubernetesClient client,
      int count,
      int capacity,
      BiConsumer<Pod, IntConsumer> started,
      Consumer<Pod> ended) {
    this.client = client;
    this.started = started;
    this.ended = ended;
    this.names = IntStream.rangeClosed(1, count).mapToObj(i -> PREFIX + i).toList();
    names.forEach(name -> register(name, capacity));
    renewal.scheduleAtFixedRate(
        this::renew, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
    this.pods = client.pods().inAnyNamespace().inform(new Bound());
  }

  /** The nodes' names. */
  public List<String> names() {
    return names;
  }

  private void register(String name, int capacity) {
    Map<String, Quantity> room =
        Map.of(
            "cpu", Quantity.parse(Integer.toString(capacity)),
            "memory", Quantity.parse(capacity + "Gi"),
            "pods", Quantity.parse(Integer.toString(capacity)));
    renew(name);
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("kubernetes.io/hostname", name)
                .addToLabels("kubernetes.io/os", "linux")
                .addToLabels("kubernetes.io/arch", "amd64")
                .endMetadata()
                .withNewStatus()
                .withCapacity(room)
                .withAllocatable(room)
                .withConditions(conditions())
                .endStatus()
                .build())
        .create();
  }

  private static List<NodeCondition> conditions() {
    String now = now();
    return Stream.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure")
        .map(
            type ->
                new NodeConditionBuilder()
                    .withType(type)
                    .withStatus(type.equals("Ready") ? "True" : "False")
                    .withReason("BulkNode")
                    .withMessage("it runs nothing")
                    .withLastHeartbeatTime(now)
                    .withLastTransitionTime(now)
                    .build())
        .toList();
  }

  /** A control plane that was away takes a node for lost until its status follows. */
  private void renew() {
    boolean status = ++renewals % RENEWALS_A_STATUS == 0;
    for (String name : names) {
      try {
        renew(name);
        if (status) {
          report(name);
        }
      } catch (KubernetesClientException e) {
        // The API server is away: tried again at the next renewal.
      }
    }
  }

  private void report(String name) {
    client
        .nodes()
        .withName(name)
        .subresource("status")
        .patch(MERGE, Serialization.asJson(Map.of("status", Map.of("conditions", conditions()))));
  }

  private void renew(String name) {
    var lease =
        new LeaseBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace("kube-node-lease")
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity(name)
            .withLeaseDurationSeconds(LEASE_SECONDS)
            .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS))
            .endSpec()
            .build();
    client.resource(lease).forceConflicts().serverSideApply();
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Looks after the pods that are bound to these nodes. */
  private final class Bound implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      String node = pod.getSpec().getNodeName();
      if (node == null || !node.startsWith(PREFIX)) {
        return;
      }
      String uid = pod.getMetadata().getUid();
      if (pod.getMetadata().getDeletionTimestamp() != null) {
        if (ending.add(uid)) {
          writers.execute(() -> end(pod));
        }
      } else if (running.add(uid)) {
        writers.execute(() -> run(pod));
      }
    }

    @Override
    public void onUpdate(Pod old, Pod pod) {
      onAdd(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
      ended.accept(pod);
      running.remove(pod.getMetadata().getUid());
      ending.remove(pod.getMetadata().getUid());
    }
  }

  private void run(Pod pod) {
    String now = now();
    List<Map<String, Object>> containers =
        pod.getSpec().getContainers().stream()
            .map(c -> container(c, true, Map.of("running", Map.of("startedAt", now))))
            .toList();
    boolean said =
        status(
            pod,
            Map.of(
                "phase",
                "Running",
                "startTime",
                now,
                "conditions",
                conditions("True", now),
                "containerStatuses",
                containers));
    if (said) {
      started.accept(pod, code -> writers.execute(() -> exit(pod, code)));
    } else {
      running.remove(pod.getMetadata().getUid());
    }
  }

  private static List<Map<String, String>> conditions(String ready, String now) {
    return Stream.of("PodScheduled", "Initialized", "ContainersReady", "Ready")
        .map(
            type ->
                Map.of(
                    "type", type,
                    "status", type.endsWith("Ready") ? ready : "True",
                    "lastTransitionTime", now))
        .toList();
  }

  private static Map<String, Object> container(
      Container container, boolean ready, Map<String, Object> state) {
    return Map.of(
        "name",
        container.getName(),
        "image",
        container.getImage(),
        "imageID",
        "",
        "ready",
        ready,
        "started",
        ready,
        "restartCount",
        0,
        "state",
        state);
  }

  /** Whether the pod was still there to have it written. */
  private boolean status(Pod pod, Map<String, Object> status) {
    try {
      client
          .resource(pod)
          .subresource("status")
          .patch(
              MERGE,
              Serialization.asJson(
                  Map.of("metadata", Map.of("uid", pod.getMetadata().getUid()), "status", status)));
      return true;
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  private void exit(Pod pod, int code) {
    String now = now();
    List<Map<String, Object>> containers =
        pod.getSpec().getContainers().stream()
            .map(
                c ->
                    container(
                        c,
                        false,
                        Map.of(
                            "terminated",
                            Map.of(
                                "exitCode", code,
                                "reason", code == 0 ? "Completed" : "Error",
                                "startedAt", now,
                                "finishedAt", now))))
            .toList();
    status(
        pod,
        Map.of(
            "phase",
            code == 0 ? "Succeeded" : "Failed",
            "conditions",
            conditions("False", now),
            "containerStatuses",
            containers));
  }

  private void end(Pod pod) {
    ended.accept(pod);
    client.resource(pod).withGracePeriod(0).delete();
  }

  @Override
  public void close() {
    pods.close();
    renewal.shutdownNow();
    writers.shutdownNow();
  }
}

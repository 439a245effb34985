package dev.strata.harness.node;

import dev.strata.harness.ControlPlane;
import dev.strata.harness.ImageTable;
import dev.strata.harness.Signal;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A stand-in for a kubelet: registers a Node and runs each pod that is bound to it as local
 * processes, with probes, environment, volumes, grace and status as a kubelet gives them. There is
 * no isolation, no limit is enforced, and security contexts are not looked at. Can be killed,
 * frozen and cut off like a machine.
 */
public final class ProcessNode implements AutoCloseable {
  private final NodeContext context;
  private final NodeRegistration registration;
  private final Map<String, PodRun> pods = new ConcurrentHashMap<>();

  /** UIDs of pods that are done with: what is still heard of them is old. */
  private final Set<String> over = ConcurrentHashMap.newKeySet();

  private volatile boolean gone;
  private volatile boolean stopping;

  private ProcessNode(NodeContext context) {
    this.context = context;
    registration = new NodeRegistration(context);
  }

  /** Starts a node; returns when the API server knows it as Ready. */
  public static ProcessNode start(
      ControlPlane controlPlane, String name, ImageTable images, NodeSettings settings) {
    NodeContext context =
        new NodeContext(
            name,
            controlPlane.network().take(),
            new NodeApi(controlPlane.url(), controlPlane.nodeTls(name)),
            controlPlane,
            images,
            settings);
    ProcessNode node = new ProcessNode(context);
    try {
      Files.createDirectories(context.folder());
      Files.createDirectories(context.logs());
      new WarmUp(context).run();
      node.registration.register();
    } catch (IOException e) {
      context.api().end();
      throw new UncheckedIOException("the node " + name + " cannot register", e);
    }
    CountDownLatch listed = new CountDownLatch(1);
    Thread.ofVirtual().name(name + " lease").start(node.registration);
    Thread.ofVirtual()
        .name(name + " pods")
        .start(
            new PodWatch(
                context.api(),
                name,
                all -> {
                  node.listed(all);
                  listed.countDown();
                },
                node::changed,
                node::removed));
    try {
      if (!listed.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the node " + name + " cannot list its pods");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return node;
  }

  public String name() {
    return context.name();
  }

  private void listed(List<Pod> all) {
    Set<String> uids = new HashSet<>();
    for (Pod pod : all) {
      uids.add(pod.getMetadata().getUid());
      changed(pod);
    }
    pods.forEach(
        (uid, run) -> {
          if (!uids.contains(uid)) {
            run.missing();
          }
        });
  }

  private void changed(Pod pod) {
    String uid = pod.getMetadata().getUid();
    PodRun known = pods.get(uid);
    if (known != null) {
      known.update(pod);
      return;
    }
    if (over.contains(uid)) {
      return;
    }
    String phase = pod.getStatus().getPhase();
    boolean done = "Succeeded".equals(phase) || "Failed".equals(phase);
    if (done && pod.getMetadata().getDeletionTimestamp() == null) {
      return;
    }
    PodRun run = new PodRun(context, pod, () -> forget(uid));
    pods.put(uid, run);
    if (pod.getMetadata().getDeletionTimestamp() == null && !stopping) {
      run.start();
    } else {
      run.neverStarted();
    }
  }

  private void forget(String uid) {
    over.add(uid);
    pods.remove(uid);
  }

  private void removed(Pod pod) {
    PodRun run = pods.get(pod.getMetadata().getUid());
    if (run != null) {
      run.removed(pod);
    } else {
      over.remove(pod.getMetadata().getUid());
    }
  }

  /** Ends all pods with grace and says that it is going. */
  public void stop() {
    if (gone) {
      return;
    }
    stopping = true;
    try {
      registration.sayNotReady();
    } catch (IOException e) {
      kill(); // cut off, or the API server is away: nobody to say good-bye to
      return;
    }
    pods.values().forEach(run -> run.signal(Signal.CONT));
    pods.values().forEach(PodRun::evict);
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (pods.values().stream().anyMatch(PodRun::running) && System.nanoTime() < end) {
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    kill();
  }

  /** The machine is off: all its processes are gone and nobody hears of it again. */
  public void kill() {
    gone = true;
    context.api().end();
    pods.values().forEach(run -> run.signal(Signal.KILL));
  }

  /** The machine stands still: SIGSTOP to all processes, and nothing is said to anybody. */
  public void freeze() {
    context.api().freeze(true);
    pods.values().forEach(run -> run.signal(Signal.STOP));
  }

  /** Ends {@link #freeze}. */
  public void thaw() {
    pods.values().forEach(run -> run.signal(Signal.CONT));
    context.api().freeze(false);
  }

  /** The processes run on, but the node cannot reach the API server. */
  public void cutOffFromApi() {
    context.api().cut(true);
  }

  /** Ends {@link #cutOffFromApi}: the node lists its pods anew and acts on what it missed. */
  public void heal() {
    context.api().cut(false);
  }

  /** SIGKILL to all processes of a pod; the node sees them end. */
  public void killPod(String pod) {
    pod(pod).signal(Signal.KILL);
  }

  /** As {@link #killPod}, reported as OOMKilled. */
  public void killPodForMemory(String pod) {
    pod(pod).killForMemory();
  }

  /** SIGSTOP to all processes of a pod. */
  public void freezePod(String pod) {
    pod(pod).signal(Signal.STOP);
  }

  /** Ends {@link #freezePod}. */
  public void thawPod(String pod) {
    pod(pod).signal(Signal.CONT);
  }

  /** True when the node has a pod of this name. */
  public boolean hasPod(String pod) {
    return pods.values().stream().anyMatch(run -> run.name().equals(pod));
  }

  /** Names of the pods that the node has. */
  public List<String> podNames() {
    return pods.values().stream().map(PodRun::name).sorted().toList();
  }

  /** Process ids of a pod's containers, by container name; of those that run. */
  public Map<String, Long> processes(String pod) {
    return pod(pod).processes();
  }

  private PodRun pod(String name) {
    return pods.values().stream()
        .filter(run -> run.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the node %s has no pod %s, only %s".formatted(name(), name, podNames())));
  }

  /** As {@link #kill}: what follows is the end of the control plane. */
  @Override
  public void close() {
    kill();
  }

  @Override
  public String toString() {
    return name();
  }
}

package dev.strata.harness.node;

import dev.strata.harness.FileTree;
import dev.strata.harness.Signal;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One pod on this node, from the moment it is seen bound until nothing of it is left. */
final class PodRun {
  private static final Duration LAST_STATUS = Duration.ofSeconds(5);

  private final NodeContext node;
  private final Runnable forget;
  private final String podIp;
  private final Path folder;
  private final String path;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<ContainerRun> inits = new ArrayList<>();
  private final List<ContainerRun> mains = new ArrayList<>();
  private final PodStatusView statusView;
  private final StatusWriter writer;
  private volatile Pod pod;
  private long killAt = Long.MAX_VALUE;

  /**
   * @param forget called when nothing of it is left
   */
  PodRun(NodeContext node, Pod pod, Runnable forget) {
    this.node = node;
    this.pod = pod;
    this.forget = forget;
    ObjectMeta meta = pod.getMetadata();
    podIp = node.controlPlane().network().take();
    folder = node.folder().resolve(meta.getUid());
    path = "/api/v1/namespaces/" + meta.getNamespace() + "/pods/" + meta.getName();
    statusView = new PodStatusView(podIp, node.address());
    writer =
        new StatusWriter(
            node.api(),
            path,
            meta.getUid(),
            () -> statusView.of(this.pod, views(inits), views(mains)));
    ContainerLaunch launch = new ContainerLaunch(node, pod, podIp, folder);
    String policy = pod.getSpec().getRestartPolicy();
    for (Container container : pod.getSpec().getInitContainers()) {
      inits.add(containerRun(container, policy.equals("Never") ? "Never" : "OnFailure", launch));
    }
    for (Container container : pod.getSpec().getContainers()) {
      mains.add(containerRun(container, policy, launch));
    }
  }

  private ContainerRun containerRun(Container container, String policy, ContainerLaunch launch) {
    ObjectMeta meta = pod.getMetadata();
    return new ContainerRun(
        node,
        meta,
        container,
        policy,
        grace(pod.getSpec().getTerminationGracePeriodSeconds()),
        podIp,
        launch,
        stopping,
        new ContainerRun.Changes() {
          @Override
          public void changed(boolean soon) {
            writer.changed(soon);
          }

          @Override
          public void event(String reason, String message) {
            inThread(() -> new PodEvent(node, meta, reason, message).write());
          }
        });
  }

  private static List<ContainerView> views(List<ContainerRun> containers) {
    return containers.stream().map(ContainerRun::view).toList();
  }

  private static Duration grace(@org.jspecify.annotations.Nullable Long seconds) {
    return Duration.ofSeconds(seconds == null ? 30 : seconds);
  }

  String name() {
    return pod.getMetadata().getName();
  }

  String namespace() {
    return pod.getMetadata().getNamespace();
  }

  /** Starts the processes; returns at once. */
  void start() {
    writer.start();
    inThread(this::runContainers);
  }

  private static void inThread(Runnable work) {
    Thread.startVirtualThread(
        () -> {
          try {
            work.run();
          } catch (NodeApi.NodeGoneException e) {
            Thread.currentThread().interrupt(); // ends with the node
          }
        });
  }

  private void runContainers() {
    for (ContainerRun init : inits) {
      init.run();
      if (init.view().exitCode() != 0) {
        over.countDown();
        return;
      }
    }
    CountDownLatch left = new CountDownLatch(mains.size());
    for (ContainerRun container : mains) {
      inThread(
          () -> {
            container.run();
            left.countDown();
          });
    }
    try {
      left.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    over.countDown();
  }

  /** It was to be ended before its processes were started. */
  void neverStarted() {
    writer.start();
    over.countDown();
    terminate(Duration.ZERO, true);
  }

  /** The node is going: the processes end with their grace, the object stays and says Failed. */
  void evict() {
    Duration grace = grace(pod.getSpec().getTerminationGracePeriodSeconds());
    stopping.countDown();
    mains.forEach(container -> container.terminate(grace));
  }

  /** True while one of its processes runs or its end is not yet written. */
  boolean running() {
    return over.getCount() > 0 || writer.busy();
  }

  /** Process ids by container. */
  Map<String, Long> processes() {
    Map<String, Long> ids = new TreeMap<>();
    for (ContainerRun container : mains) {
      container.processId().ifPresent(pid -> ids.put(container.view().container().getName(), pid));
    }
    return ids;
  }

  /** The pod has changed: a readiness gate, or the order to end it. */
  void update(Pod now) {
    pod = now;
    if (now.getMetadata().getDeletionTimestamp() != null) {
      terminate(grace(now.getMetadata().getDeletionGracePeriodSeconds()), true);
      return;
    }
    writer.seen(now);
    if (!now.getSpec().getReadinessGates().isEmpty()) {
      writer.changed(false);
    }
  }

  /** The pod's object is gone: nobody wants to hear of its end any more. */
  void removed(Pod last) {
    Long seconds = last.getMetadata().getDeletionGracePeriodSeconds();
    terminate(
        seconds == null
            ? grace(last.getSpec().getTerminationGracePeriodSeconds())
            : Duration.ofSeconds(Math.max(1, seconds)),
        false);
  }

  /** As {@link #removed}, for a pod whose end was not seen. */
  void missing() {
    terminate(grace(pod.getSpec().getTerminationGracePeriodSeconds()), false);
  }

  /**
   * Ends it. A second order can only shorten the time.
   *
   * @param report whether there is an object whose status is to be written and that is to be
   *     removed
   */
  private void terminate(Duration grace, boolean report) {
    boolean first;
    synchronized (this) {
      first = stopping.getCount() > 0;
      killAt = Math.min(killAt, System.nanoTime() + grace.toNanos());
      notifyAll();
    }
    if (!first) {
      return;
    }
    stopping.countDown();
    inThread(
        () -> {
          Stream.concat(inits.stream(), mains.stream())
              .forEach(container -> container.terminate(grace));
          awaitOverOrKill();
          finish(report);
        });
  }

  private void awaitOverOrKill() {
    try {
      while (!over.await(20, TimeUnit.MILLISECONDS)) {
        node.api().pass();
        boolean late;
        synchronized (this) {
          late = System.nanoTime() > killAt;
        }
        if (late) {
          signal(Signal.KILL);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeApi.NodeGoneException();
    }
  }

  private void finish(boolean report) {
    if (report) {
      writer.changed(false);
      writer.finish(LAST_STATUS);
      new PodDeletion(node.api(), path, pod.getMetadata().getUid()).untilDone();
    } else {
      writer.finish(Duration.ZERO);
    }
    node.controlPlane().network().giveBack(podIp);
    FileTree.remove(folder);
    forget.run();
  }

  /** To all processes of all its containers. */
  void signal(Signal signal) {
    Stream.concat(inits.stream(), mains.stream()).forEach(container -> container.signal(signal));
  }

  /** SIGKILL as the kernel does it when memory is over its limit. */
  void killForMemory() {
    mains.forEach(ContainerRun::killForMemory);
  }
}

package dev.strata.harness.node;

import dev.strata.harness.Signal;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One container of a pod from its first start to its last end. */
final class ContainerRun {
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

  private final NodeContext node;
  private final ObjectMeta pod;
  private final Container container;
  private final String restartPolicy;
  private final Duration grace;
  private final String podIp;
  private final ContainerLaunch launch;
  private final CountDownLatch stopping;
  private final Changes changes;
  private ContainerView view;
  private ContainerLaunch.@Nullable Launched launched;
  private boolean outOfMemory;

  /** Told after each change of {@link #view}. */
  interface Changes {
    /**
     * The view has changed.
     *
     * @param soon true when a better view may follow within a moment, so that writing can wait
     */
    void changed(boolean soon);

    /** Something a user should know that no status says. */
    void event(String reason, String message);
  }

  /**
   * @param restartPolicy Always, OnFailure or Never
   * @param grace what a container gets that fails its liveness probe
   * @param stopping counted down when the pod is to end
   */
  ContainerRun(
      NodeContext node,
      ObjectMeta pod,
      Container container,
      String restartPolicy,
      Duration grace,
      String podIp,
      ContainerLaunch launch,
      CountDownLatch stopping,
      Changes changes) {
    this.node = node;
    this.pod = pod;
    this.container = container;
    this.restartPolicy = restartPolicy;
    this.grace = grace;
    this.podIp = podIp;
    this.launch = launch;
    this.stopping = stopping;
    this.changes = changes;
    view = ContainerView.waiting(container);
  }

  synchronized ContainerView view() {
    return view;
  }

  /** Runs it until it is over or the pod is to end. */
  void run() {
    for (int restarts = 0; ; restarts++) {
      if (startUntilItWorks(restarts)) {
        awaitEnd();
      }
      if (view().over() || stopping.getCount() == 0 || !backOff(restarts)) {
        return;
      }
    }
  }

  /** False when it did not start and is to be treated as ended. */
  private boolean startUntilItWorks(int restarts) {
    String complaint = "";
    while (stopping.getCount() > 0) {
      try {
        ContainerLaunch.Launched now = launch.start(container);
        started(now, restarts);
        return true;
      } catch (StartException e) {
        String message = String.valueOf(e.getMessage());
        if (e.reason().equals("StartError")) {
          ended(128, "StartError", message);
          return false;
        }
        String reason =
            e.reason().equals("ErrImagePull") && complaint.equals(message)
                ? "ImagePullBackOff"
                : e.reason();
        if (!complaint.equals(message) && reason.equals("ContainerCreating")) {
          changes.event("FailedMount", message);
        }
        complaint = message;
        waits(reason, message);
        pause(RETRY);
      } catch (UncheckedIOException e) {
        waits("CreateContainerError", String.valueOf(e.getCause()));
        pause(RETRY);
      }
    }
    return false;
  }

  private void waits(String reason, String message) {
    synchronized (this) {
      view = view.waits(reason, message);
    }
    changes.changed(false);
  }

  private void started(ContainerLaunch.Launched now, int restarts) {
    boolean started = container.getStartupProbe() == null;
    boolean ready = started && container.getReadinessProbe() == null;
    synchronized (this) {
      launched = now;
      view = view.runs("process://" + now.child().pid(), ready, started, restarts);
    }
    if (stopping.getCount() == 0) {
      now.child().signal(Signal.TERM); // the order to end came while it was being started
    }
    node.api().catchUp(now.child());
    changes.changed(!ready);
    new Probing(node.api(), container, podIp, now, new Probed()).start();
  }

  private final class Probed implements Probing.Listener {
    @Override
    public void ready(boolean isReady) {
      update(isReady, true);
    }

    @Override
    public void started() {
      update(view().ready(), true);
    }

    private void update(boolean isReady, boolean isStarted) {
      synchronized (ContainerRun.this) {
        if (!view.running() || (view.ready() == isReady && view.started() == isStarted)) {
          return;
        }
        view = view.probed(isReady, isStarted);
      }
      changes.changed(!isReady);
    }

    @Override
    public void unhealthy(String why) {
      changes.event("Unhealthy", why + ", container " + container.getName() + " will be restarted");
      terminate(grace);
    }
  }

  private void awaitEnd() {
    ContainerLaunch.Launched now = launched();
    if (now == null) {
      return;
    }
    int exitCode = now.child().exit().join();
    node.api().pass();
    boolean killedForMemory;
    synchronized (this) {
      killedForMemory = outOfMemory;
      outOfMemory = false;
    }
    String reason = exitCode == 0 ? "Completed" : killedForMemory ? "OOMKilled" : "Error";
    boolean tail =
        exitCode != 0 && "FallbackToLogsOnError".equals(container.getTerminationMessagePolicy());
    ended(exitCode, reason, tail ? LogTail.of(now.child().log()) : null);
  }

  private void ended(int exitCode, String reason, @Nullable String message) {
    boolean again =
        stopping.getCount() > 0
            && (restartPolicy.equals("Always")
                || (restartPolicy.equals("OnFailure") && exitCode != 0));
    synchronized (this) {
      view = view.ended(exitCode, reason, message, !again);
    }
    changes.changed(false);
  }

  /** False when the pod is to end meanwhile. */
  private boolean backOff(int restarts) {
    if (restarts > 0) {
      Duration first = node.settings().restartBackoff();
      Duration pause = first.multipliedBy(1L << Math.min(restarts - 1, 10));
      pause = pause.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : pause;
      synchronized (this) {
        view =
            view.waitsForRestart(
                "back-off %ss restarting failed container=%s pod=%s"
                    .formatted(pause.toSeconds(), container.getName(), pod.getName()));
      }
      changes.changed(false);
      pause(pause);
    }
    return stopping.getCount() > 0;
  }

  private void pause(Duration time) {
    try {
      if (!stopping.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        node.api().pass();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeApi.NodeGoneException();
    }
  }

  private synchronized ContainerLaunch.@Nullable Launched launched() {
    return launched;
  }

  /** Of the running process; empty when there is none. */
  OptionalLong processId() {
    ContainerLaunch.Launched now = launched();
    return now == null || !now.child().isAlive()
        ? OptionalLong.empty()
        : OptionalLong.of(now.child().pid());
  }

  /** SIGKILL as the kernel does it when a container's memory is over its limit. */
  void killForMemory() {
    synchronized (this) {
      outOfMemory = true;
    }
    signal(Signal.KILL);
  }

  /** To all its processes. */
  void signal(Signal signal) {
    ContainerLaunch.Launched now = launched();
    if (now != null) {
      now.child().signalGroup(signal);
    }
  }

  /** The hook before the end, SIGTERM, and SIGKILL when the time is over; does not wait. */
  void terminate(Duration time) {
    ContainerLaunch.Launched now = launched();
    if (now == null || !now.child().isAlive()) {
      return;
    }
    long end = System.nanoTime() + time.toNanos();
    Thread.startVirtualThread(
        () -> {
          preStop(now, time);
          now.child().signal(Signal.TERM);
          if (!now.child().await(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
            now.child().signalGroup(Signal.KILL);
          }
        });
  }

  private void preStop(ContainerLaunch.Launched now, Duration time) {
    var lifecycle = container.getLifecycle();
    if (lifecycle == null
        || lifecycle.getPreStop() == null
        || lifecycle.getPreStop().getExec() == null) {
      return;
    }
    try {
      if (!ProbeCall.execute(lifecycle.getPreStop().getExec(), now, time)) {
        changes.event("FailedPreStopHook", "the preStop command of " + container.getName());
      }
    } catch (IOException e) {
      changes.event("FailedPreStopHook", String.valueOf(e.getMessage()));
    }
  }
}

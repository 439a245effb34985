package dev.strata.harness.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a pod's status, as few times as possible: a change that is likely to be followed by a
 * better one (Running, then Ready) waits for it for up to 100 ms, all others are written at once.
 */
final class StatusWriter {
  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final Duration RETRY = Duration.ofMillis(200);

  private final NodeApi api;
  private final String path;
  private final String uid;
  private final Supplier<PodStatus> status;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition asked = lock.newCondition();
  private @Nullable PodStatus written;
  private long writtenVersion;
  private boolean dirty;
  private long due;
  private boolean ended;
  private boolean idle = true;

  StatusWriter(NodeApi api, String path, String uid, Supplier<PodStatus> status) {
    this.api = api;
    this.path = path;
    this.uid = uid;
    this.status = status;
  }

  void start() {
    Thread.startVirtualThread(this::run);
  }

  void changed(boolean soon) {
    lock.lock();
    try {
      long now = System.nanoTime();
      long wanted = soon ? now + PATIENCE.toNanos() : now;
      due = dirty ? Math.min(due, wanted) : wanted;
      dirty = true;
      asked.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Looks whether somebody else has changed what this node is the one to say: after silence of the
   * node the node lifecycle controller writes Ready=False, and only a new report takes that back.
   */
  void seen(Pod pod) {
    lock.lock();
    try {
      long version = Long.parseLong(pod.getMetadata().getResourceVersion());
      if (written == null
          || version <= writtenVersion
          || readiness(pod.getStatus()).equals(readiness(written))) {
        return;
      }
      written = null;
      changed(false);
    } finally {
      lock.unlock();
    }
  }

  private static String readiness(PodStatus status) {
    return status.getConditions().stream()
        .filter(condition -> condition.getType().equals("Ready"))
        .map(PodCondition::getStatus)
        .findFirst()
        .orElse("");
  }

  /** True while something is still to be written. */
  boolean busy() {
    lock.lock();
    try {
      return (dirty || !idle) && !ended;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything so far is written, then ends. */
  void finish(Duration limit) {
    lock.lock();
    try {
      due = System.nanoTime();
      asked.signalAll();
      long left = limit.toNanos();
      while ((dirty || !idle) && !ended && left > 0) {
        left = asked.awaitNanos(left);
      }
      ended = true;
      asked.signalAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (awaitDue()) {
        PodStatus now = status.get();
        boolean done = isWritten(now) || write(now);
        lock.lock();
        try {
          idle = true;
          if (!done) {
            dirty = true;
            due = System.nanoTime() + RETRY.toNanos();
          }
          asked.signalAll();
        } finally {
          lock.unlock();
        }
      }
    } catch (NodeApi.NodeGoneException e) {
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean awaitDue() throws InterruptedException {
    lock.lock();
    try {
      while (!ended) {
        long left = due - System.nanoTime();
        if (dirty && left <= 0) {
          dirty = false;
          idle = false;
          return true;
        }
        if (dirty) {
          asked.awaitNanos(left);
        } else {
          asked.await(1, TimeUnit.MINUTES);
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private boolean isWritten(PodStatus now) {
    lock.lock();
    try {
      return now.equals(written);
    } finally {
      lock.unlock();
    }
  }

  /** False when it has to be tried again. */
  private boolean write(PodStatus now) {
    try {
      JsonNode answer =
          api.send(
              "PATCH",
              path + "/status",
              NodeApi.STRATEGIC,
              Map.of("metadata", Map.of("uid", uid), "status", now));
      lock.lock();
      try {
        written = now;
        writtenVersion = answer.path("metadata").path("resourceVersion").asLong();
      } finally {
        lock.unlock();
      }
      return true;
    } catch (NodeApi.RefusedException e) {
      if (e.code() == 404 || e.code() == 409) {
        end(); // the pod is gone, or another one has its name
        return true;
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  private void end() {
    lock.lock();
    try {
      ended = true;
      asked.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

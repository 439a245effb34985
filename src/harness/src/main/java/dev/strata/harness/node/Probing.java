package dev.strata.harness.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The probes of one run of a container. Until the first success of a readiness or startup probe it
 * asks every 20 ms for two seconds, so that what is ready at once counts as ready at once; after
 * that it keeps to the probe's period.
 */
final class Probing {
  private static final Duration EAGER_PAUSE = Duration.ofMillis(20);
  private static final Duration EAGER_TIME = Duration.ofSeconds(2);

  private final NodeApi api;
  private final Container container;
  private final ContainerLaunch.Launched launched;
  private final ProbeCall call;
  private final Listener listener;

  /** Told about changes only. */
  interface Listener {
    void ready(boolean isReady);

    void started();

    /** A liveness or startup probe has failed too often. */
    void unhealthy(String why);
  }

  Probing(
      NodeApi api,
      Container container,
      String podIp,
      ContainerLaunch.Launched launched,
      Listener listener) {
    this.api = api;
    this.container = container;
    this.launched = launched;
    this.call = new ProbeCall(container, podIp);
    this.listener = listener;
  }

  /** Starts asking; ends by itself with the container's process. */
  void start() {
    Thread.startVirtualThread(() -> guarded(this::startup));
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (NodeApi.NodeGoneException e) {
      Thread.currentThread().interrupt(); // ends with the node
    }
  }

  private void startup() {
    Probe probe = container.getStartupProbe();
    if (probe != null) {
      boolean[] succeeded = new boolean[1];
      Streak streak = new Streak(probe);
      ask(
          probe,
          true,
          success -> {
            succeeded[0] = success;
            if (!success && streak.failed()) {
              listener.unhealthy("Startup probe failed");
              return false;
            }
            return !success;
          });
      if (!succeeded[0]) {
        return;
      }
    }
    listener.started();
    if (container.getLivenessProbe() != null) {
      Thread.startVirtualThread(() -> guarded(this::liveness));
    }
    readiness();
  }

  private void readiness() {
    Probe probe = container.getReadinessProbe();
    if (probe == null) {
      listener.ready(true);
      return;
    }
    Streak streak = new Streak(probe);
    ask(
        probe,
        true,
        success -> {
          if (success && streak.succeeded()) {
            listener.ready(true);
          } else if (!success && streak.failed()) {
            listener.ready(false);
          }
          return true;
        });
  }

  private void liveness() {
    Probe probe = container.getLivenessProbe();
    Streak streak = new Streak(probe);
    ask(
        probe,
        false,
        success -> {
          if (success) {
            streak.succeeded();
          } else if (streak.failed()) {
            listener.unhealthy("Liveness probe failed");
            return false;
          }
          return true;
        });
  }

  /** Counts results in a row against the probe's thresholds. */
  private static final class Streak {
    private final int failures;
    private final int successes;
    private int failed;
    private int succeeded;

    Streak(Probe probe) {
      failures = orElse(probe.getFailureThreshold(), 3);
      successes = orElse(probe.getSuccessThreshold(), 1);
    }

    boolean failed() {
      succeeded = 0;
      return ++failed >= failures;
    }

    boolean succeeded() {
      failed = 0;
      return ++succeeded >= successes;
    }
  }

  private void ask(Probe probe, boolean eager, Predicate<Boolean> more) {
    pause(Duration.ofSeconds(orElse(probe.getInitialDelaySeconds(), 0)));
    Duration period = Duration.ofSeconds(orElse(probe.getPeriodSeconds(), 10));
    long eagerUntil = System.nanoTime() + (eager ? EAGER_TIME.toNanos() : 0);
    boolean everSucceeded = false;
    while (launched.child().isAlive()) {
      api.pass();
      long freezes = api.freezes();
      boolean success = call.succeeds(probe, launched);
      if (!launched.child().isAlive()) {
        return;
      }
      api.pass();
      boolean eagerNow = !everSucceeded && System.nanoTime() < eagerUntil;
      if (api.freezes() == freezes && (success || !eagerNow)) {
        everSucceeded |= success;
        if (!more.test(success)) {
          return;
        }
      }
      pause(success || !eagerNow ? period : EAGER_PAUSE);
    }
  }

  private void pause(Duration time) {
    if (time.isZero()) {
      return;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeApi.NodeGoneException();
    }
  }

  private static int orElse(@org.jspecify.annotations.Nullable Integer value, int otherwise) {
    return value == null ? otherwise : value;
  }
}

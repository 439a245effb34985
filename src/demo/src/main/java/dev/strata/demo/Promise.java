package dev.strata.demo;

import dev.strata.api.v1alpha1.ObjectiveStatus;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateStatus;
import dev.strata.harness.Cluster;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Task;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkLane;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A promise that is broken and kept again: the pool "naps" answers in time, then slowly, then in
 * time, and its gate says so. Tasks come at the same pace all the while.
 */
final class Promise implements AutoCloseable {
  static final String POOL = "naps";

  private static final String OBJECTIVE = "response-time";
  private static final String VERDICT =
      "{.status.objectives[?(@.name==\"" + OBJECTIVE + "\")].verdict}";

  /** Eight slots bear six tasks a second of 0.9 s each: slow answers, and no queue. */
  private static final int TASKS_A_SECOND = 6;

  private static final String QUICK = "5";
  private static final String SLOW = "900";

  private final Cluster cluster;
  private final WorkLane lane;
  private final Screen screen;
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("naps").factory());
  private volatile String millis = QUICK;

  Promise(Cluster cluster, WorkLane lane, Screen screen) {
    this.cluster = cluster;
    this.lane = lane;
    this.screen = screen;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it ends with the ticker
  void start() {
    ticker.scheduleAtFixedRate(
        this::submit, 0, TimeUnit.SECONDS.toMicros(1) / TASKS_A_SECOND, TimeUnit.MICROSECONDS);
  }

  private void submit() {
    try {
      lane.submit(
          new Task(MessageIds.newTaskId(), millis, System.currentTimeMillis()), Priority.NORMAL);
    } catch (TransportException e) {
      // What the gate says is shown, not how many tasks there were: the next one comes soon.
    }
  }

  /** Waits until the promise is known to be kept. */
  void kept() {
    verdict("Met");
  }

  /** From slow answers to a verdict that says so. */
  Duration broken() {
    return turn("answers of \"naps\" now take " + SLOW + " ms", SLOW, "Violated");
  }

  /** From answers in time to a verdict that says so, which takes a full window without fault. */
  Duration keptAgain() {
    return turn("answers of \"naps\" take " + QUICK + " ms again", QUICK, "Met");
  }

  private Duration turn(String what, String input, String verdict) {
    screen.step(what);
    long began = System.nanoTime();
    millis = input;
    verdict(verdict);
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private void verdict(String verdict) {
    cluster.kubectl(
        "wait",
        "-n",
        cluster.namespace(),
        "--for=jsonpath=" + VERDICT + "=" + verdict,
        "qg/" + POOL,
        "--timeout=110s");
    screen.step(sentence());
  }

  /** The row of the gate's status. */
  private String sentence() {
    ObjectiveStatus row =
        status().objectives().stream()
            .filter(o -> o.name().equals(OBJECTIVE))
            .findFirst()
            .orElseThrow();
    return "gate %s: %s is %s: %s%s, target %s, %d samples in %s"
        .formatted(
            POOL,
            row.name(),
            row.verdict(),
            row.value(),
            row.bound() == null ? "" : " (99 % bound " + row.bound() + ")",
            row.target(),
            row.samples(),
            row.window());
  }

  /** Status of the condition Satisfied. */
  String satisfied() {
    return status().conditions().stream()
        .filter(c -> c.type().equals("Satisfied"))
        .map(c -> c.status() + ", " + c.message())
        .findFirst()
        .orElse("not said");
  }

  private QualityGateStatus status() {
    QualityGate gate =
        cluster
            .client()
            .resources(QualityGate.class)
            .inNamespace(cluster.namespace())
            .withName(POOL)
            .require();
    return Objects.requireNonNull(gate.getStatus(), "the gate was waited for");
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}

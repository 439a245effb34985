package dev.strata.bench;

import dev.strata.harness.BulkNodes;
import dev.strata.harness.ClusterSpec;
import dev.strata.protocol.nats.NatsTransport;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * How fast gates answer, and what they cost: simulated agents in many pools, one gate a pool over
 * all shipped objectives, one report a second from each agent, over real NATS and with real API
 * writes. Pods are real objects on nodes that run nothing.
 *
 * <p>First verdicts are forced, see {@link Flips}. Then, as a phase of its own, nothing happens but
 * reports, and the operator's cost is read: CPU from the kernel, heap after a full collection as
 * the difference to the operator before there were pools, writes from the audit log.
 *
 * <p>System properties: bench.pools (20), bench.agents (50) in each, bench.rounds (2) of each kind
 * of flip, bench.settling (240) seconds from full pools to the steady phase at least, bench.seconds
 * (120) of the steady phase.
 */
public final class GateBench {
  private static final Duration LIMIT = Duration.ofMinutes(6);
  private static final int FLIPS = 59;
  private static final int NODES = 5;
  private static final int SPARE_ROOM = 20;
  private static final int SENDERS = 4;

  /** The first verdicts of windows that need twenty batches of ten seconds come until then. */
  private static final int SETTLING = 240;

  private final Bench bench;
  private final int pools = Integer.getInteger("bench.pools", 20);
  private final int agents = Integer.getInteger("bench.agents", 50);
  private final int rounds = Integer.getInteger("bench.rounds", 2);
  private final Duration steady = Duration.ofSeconds(Integer.getInteger("bench.seconds", 120));
  private final Duration settling =
      Duration.ofSeconds(Integer.getInteger("bench.settling", SETTLING));
  private final ScheduledExecutorService seconds =
      Executors.newScheduledThreadPool(
          SENDERS, Thread.ofPlatform().daemon().name("agents").factory());
  private final List<SimPool> sims = new ArrayList<>();
  private final Map<String, Object> facts = new LinkedHashMap<>();
  private final List<BenchReport.Row> rows = new ArrayList<>();
  private final List<BenchReport.Aim> aims = new ArrayList<>();

  private GateBench(Bench bench) {
    this.bench = bench;
  }

  /** Runs it. */
  public static void main(String[] arguments) throws InterruptedException {
    try (Bench bench = Bench.start(GateBench::spec)) {
      new GateBench(bench).run();
    }
  }

  /** A kubelet's patience: nodes of a machine this busy are not to be taken for lost. */
  private static ClusterSpec spec(ClusterSpec usual) {
    return usual
        .withNodes(0)
        .withControlPlane(usual.controlPlane().withNodeMonitorGrace(Duration.ofSeconds(40)));
  }

  private void run() throws InterruptedException {
    double idleHeap = OperatorFigures.heapMib(bench.cluster().operator());
    for (int i = 1; i <= pools; i++) {
      String name = "gate-%02d".formatted(i);
      Pool pool = bench.pool(name, 0, 0, "{handler: {java: {name: echo}}}", "{}");
      gate(name);
      sims.add(new SimPool(pool, new NatsTransport(bench.connect("bench-" + name)), seconds));
    }
    int room = Math.ceilDiv(pools * agents, NODES) + SPARE_ROOM;
    try (var verdicts = new Verdicts(bench, "response-time");
        var nodes =
            new BulkNodes(
                bench.site().client(),
                NODES,
                room,
                (pod, exit) -> tell(pod, sim -> sim.started(pod, exit)),
                pod -> tell(pod, sim -> sim.ended(pod)))) {
      Console.progress("nodes that run nothing: " + nodes.names());
      fill(verdicts);
      long filled = System.nanoTime();
      flips(verdicts);
      Waiting.pass(settling.minusNanos(System.nanoTime() - filled));
      steady(idleHeap);
    } finally {
      seconds.shutdownNow();
      sims.forEach(SimPool::close);
    }
    new BenchReport("gate", rows, facts, aims).publish();
  }

  private void gate(String name) {
    String yaml =
        """
        apiVersion: strata.dev/v1alpha1
        kind: QualityGate
        metadata:
          name: %s
          namespace: %s
        spec:
          poolRef: {name: %s}
          overrides:
            - objective: response-time
              windowSeconds: 30
              minSamples: 59
              reason: a short window, so that verdicts can be forced
        """
            .formatted(name, bench.site().namespace(), name);
    bench
        .site()
        .client()
        .genericKubernetesResources("strata.dev/v1alpha1", "QualityGate")
        .inNamespace(bench.site().namespace())
        .resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
        .create();
  }

  private void tell(Pod pod, Consumer<SimPool> news) {
    String name = pod.getMetadata().getLabels().getOrDefault(Pool.ROLE.replace("role", "pool"), "");
    sims.stream().filter(sim -> sim.pool().name().equals(name)).forEach(news);
  }

  /** Pools are filled one after another, as the cluster's scheduler is not what is measured. */
  private void fill(Verdicts verdicts) {
    long began = System.nanoTime();
    for (SimPool sim : sims) {
      sim.pool().scale(agents);
      Waiting.until(
          LIMIT,
          () -> sim.active() == agents,
          () -> sim.pool().name() + " has " + sim.active() + " active agents");
    }
    Console.progress(
        "%d agents in %d pools are active after %.0f s"
            .formatted(pools * agents, pools, (System.nanoTime() - began) / 1e9));
    Waiting.until(
        LIMIT,
        () -> verdicts.count().getOrDefault("Met", 0L) == pools,
        () -> "the gates say Met; they say " + verdicts.count());
    Console.progress("every gate says Met");
  }

  private void flips(Verdicts verdicts) {
    var flips = new Flips(sims, verdicts);
    OperatorFigures before = OperatorFigures.of(bench.cluster().operator());
    flips.lose(rounds);
    Console.progress(flips.count() + " verdicts were forced by lost signals");
    flips.fail(rounds);
    Console.progress(flips.count() + " verdicts were forced in all");
    OperatorFigures after = OperatorFigures.of(bench.cluster().operator());
    BenchReport.Row inside =
        after.row(
            before,
            "inside, changed verdicts",
            "received_to_acked_ms",
            "strata_gate_processing_seconds",
            "changed=\"true\"");
    BenchReport.Row outside =
        BenchReport.Row.of("outside, Met <-> Unknown", "decided_to_seen_ms", flips.decided());
    rows.add(inside);
    rows.add(
        after.row(
            before,
            "inside, verdicts that stay",
            "received_to_judged_ms",
            "strata_gate_processing_seconds",
            "changed=\"false\""));
    rows.add(outside);
    rows.add(BenchReport.Row.of("outside, Met -> Violated", "failing_to_seen_s", flips.violated()));
    rows.add(
        BenchReport.Row.of("outside, Violated -> Met", "mending_to_seen_s", flips.recovered()));
    load("flips: ", before, after);
    facts.put("flips: came by themselves, not counted", flips.unclear());
    facts.put(
        "what is measured",
        "inside: the operator's timer, receipt of the oldest report that an evaluation took up to"
            + " the acknowledged status (buckets); outside: the deciding report handed to NATS to"
            + " the verdict in a watch; failing/mending: with two steps of 10 s and a full window"
            + " of 30 s");
    aims.add(BenchReport.Aim.above("forced flips: at least " + FLIPS, FLIPS - 1, flips.count()));
    aims.add(
        BenchReport.Aim.atMost(
            "p95 inside, received to acknowledged: under 1000 ms", 1000, inside.p95()));
    aims.add(
        BenchReport.Aim.atMost("p95 outside, decided to seen: under 1000 ms", 1000, outside.p95()));
  }

  private void steady(double idleHeap) {
    var operator = bench.cluster().operator();
    Instant from = Instant.now();
    double benchBefore = OperatorFigures.cpu(ProcessHandle.current().pid());
    OperatorFigures before = OperatorFigures.of(operator);
    Waiting.pass(steady);
    OperatorFigures after = OperatorFigures.of(operator);
    double benchCpu = OperatorFigures.cpu(ProcessHandle.current().pid()) - benchBefore;
    Map<String, Long> writes = bench.operatorWrites(from, Instant.now());
    double took = (after.nanos() - before.nanos()) / 1e9;
    load("steady: ", before, after);
    facts.put("steady: bench itself, CPUs", BenchReport.rounded(benchCpu / took));
    facts.put("steady: operator writes by request", writes);
    facts.put(
        "steady: status writes a minute",
        BenchReport.rounded(
            writes.entrySet().stream()
                    .filter(e -> e.getKey().endsWith("/status"))
                    .mapToLong(Map.Entry::getValue)
                    .sum()
                * 60
                / took));
    double heap = OperatorFigures.heapMib(operator);
    facts.put("operator heap after GC, no pools, MiB", BenchReport.rounded(idleHeap));
    facts.put("operator heap after GC, MiB", BenchReport.rounded(heap));
    facts.put(
        "operator heap per 1,000 agents, MiB",
        BenchReport.rounded((heap - idleHeap) * 1000 / (pools * agents)));
  }

  /** What happened in a phase, and what it cost. */
  private void load(String phase, OperatorFigures before, OperatorFigures after) {
    double took = (after.nanos() - before.nanos()) / 1e9;
    double count = growth(before, after, "strata_gate_evaluation_seconds_count", "");
    double total = growth(before, after, "strata_gate_evaluation_seconds_sum", "");
    put(phase + "seconds", took);
    put(
        phase + "reports a second",
        growth(before, after, "strata_telemetry_reports_total", "") / took);
    put(phase + "reports refused", growth(before, after, "strata_telemetry_refused_total", ""));
    put(
        phase + "verdicts acknowledged",
        growth(before, after, "strata_gate_processing_seconds_count", "changed=\"true\""));
    put(phase + "operator CPUs", (after.cpuSeconds() - before.cpuSeconds()) / took);
    put(phase + "evaluations a second", count / took);
    put(phase + "one evaluation of a gate, microseconds", total / count * 1e6);
    put(phase + "evaluations, CPUs", total / took);
    put(
        phase + "load average",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private void put(String name, double figure) {
    facts.put(name, BenchReport.rounded(figure));
  }

  private static double growth(
      OperatorFigures before, OperatorFigures after, String metric, String tag) {
    return after.sum(metric, tag) - before.sum(metric, tag);
  }
}

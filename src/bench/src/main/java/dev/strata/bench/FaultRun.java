package dev.strata.bench;

import dev.strata.harness.OperatorKeeper;
import dev.strata.protocol.TaskResult;
import io.fabric8.kubernetes.api.model.Pod;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Real work while everything dies once, one after the other, and then an account of it from
 * outside. The exit status is 0 only if nothing was lost, nothing was done twice in effect, and the
 * pool is what it was.
 *
 * <p>System properties: bench.tasks (2000), bench.agents (20), bench.spares (5), bench.nodes (6).
 */
public final class FaultRun {
  private static final int PER_SECOND = 32;
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration FINISH = Duration.ofMinutes(3);
  private static final int MOST_REPORTED = 5;

  private final Bench bench;
  private final Path executions;
  private final int agents = Integer.getInteger("bench.agents", 20);
  private final int spares = Integer.getInteger("bench.spares", 5);
  private final int tasks = Integer.getInteger("bench.tasks", 2000);
  private final Map<String, Object> facts = new LinkedHashMap<>();
  private final List<BenchReport.Aim> aims = new ArrayList<>();

  private FaultRun(Bench bench) {
    this.bench = bench;
    this.executions = bench.cluster().logs().resolve("executions.log");
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    int status = 1;
    try (Bench bench = Bench.start(s -> s.withNodes(Integer.getInteger("bench.nodes", 6)))) {
      BenchReport report = new FaultRun(bench).run();
      report.publish();
      status = report.missed().isEmpty() ? 0 : 1;
      if (status != 0) {
        bench.cluster().controlPlane().keepLogs();
        Console.print("logs are kept in " + bench.cluster().logs());
      }
    }
    System.exit(status);
  }

  private BenchReport run() throws IOException, JetStreamApiException, InterruptedException {
    Pool pool =
        bench.pool(
            "faults",
            agents,
            spares,
            "{handler: {java: {name: sleep}}, concurrency: 1, timeoutSeconds: 30}",
            "{env: [{name: EXECUTION_LOG, value: \"" + executions + "\"}]}");
    pool.awaitHeard(agents, spares, START);
    Console.progress("pool of %d agents and %d spares is up".formatted(agents, spares));
    try (var outside = new Outside(bench, pool);
        var submitter = new Submitter(bench, pool, tasks, PER_SECOND);
        var keeper = OperatorKeeper.always(bench.cluster().operator())) {
      submitter.start();
      var faults = new Faults(bench, pool, submitter, outside, agents, spares);
      for (Faults.Account account : faults.all()) {
        facts.put("fault: " + account.fault(), account);
        aims.add(
            BenchReport.Aim.above(
                "at least 10 tasks unacknowledged, " + account.fault(),
                9,
                (double) account.unacknowledged()));
        exactly(
            "replacements " + account.wanted() + ", " + account.fault(),
            account.wanted(),
            account.replacements());
      }
      submitter.allow(tasks);
      boolean ended = Waiting.within(FINISH, () -> submitter.idle() && outside.results() >= tasks);
      Console.progress(ended ? "all tasks have a result" : "not all tasks have a result");
      Waiting.pass(Duration.ofSeconds(2));
      facts.put("operator started again", keeper.restarts());
      work(outside, submitter);
      state(pool);
    }
    return new BenchReport("faults", List.of(), facts, aims);
  }

  private void work(Outside outside, Submitter submitter)
      throws IOException, JetStreamApiException {
    Map<String, List<TaskResult>> results = outside.storedResults();
    Map<String, Integer> executed = Outside.executions(executions);
    Set<String> missing = new TreeSet<>(submitter.ids());
    missing.removeAll(results.keySet());
    long twice = results.values().stream().filter(list -> list.size() > 1).count();
    long notDone =
        results.values().stream()
            .filter(list -> list.getFirst().status() != TaskResult.Status.DONE)
            .count();
    long strangers = results.keySet().stream().filter(id -> !executed.containsKey(id)).count();
    int total = executed.values().stream().mapToInt(Integer::intValue).sum();
    facts.put("tasks submitted", submitter.submitted());
    facts.put("submissions repeated", submitter.retries());
    facts.put("results in the stream", results.size());
    facts.put("executions in the handler's log", total);
    facts.put("re-executions", total - executed.size());
    facts.put("dead letters", outside.deadLetters());
    if (!missing.isEmpty()) {
      facts.put("without a result", missing.stream().limit(MOST_REPORTED).toList());
    }
    exactly("tasks without a result: 0", 0, missing.size());
    exactly("tasks with two results: 0", 0, twice);
    exactly("results ever stored: " + tasks, tasks, outside.lastResultSequence());
    exactly("results that are not DONE: 0", 0, notDone);
    exactly("results without an execution: 0", 0, strangers);
    exactly("tasks left in the stream: 0", 0, outside.tasks());
  }

  private void state(Pool pool) {
    var identities = new Identities(bench, pool);
    List<Pod> pods = pool.pods();
    Map<String, String> holders = identities.holders();
    exactly("agents active at the end: " + agents, agents, pool.active().size());
    exactly("identities held at the end: " + agents, agents, holders.size());
    exactly("orphan pods: 0", 0, orphans(pool, pods, new HashSet<>(holders.values())));
    exactly("pods at the end: " + (agents + spares), agents + spares, pods.size());
    List<String> violations = identities.violations();
    facts.put("writes of identity leases", identities.writes());
    if (!violations.isEmpty()) {
      facts.put("lease violations", violations.stream().limit(MOST_REPORTED).toList());
    }
    exactly("identity leases held twice or with an epoch going back: 0", 0, violations.size());
    exactly("processes without a pod: 0", 0, strayProcesses(pods));
  }

  /** Pods that nobody owns, or that are neither the holder of an identity nor a spare. */
  private static long orphans(Pool pool, List<Pod> pods, Set<String> holders) {
    return pods.stream()
        .filter(
            pod -> {
              boolean owned =
                  pod.getMetadata().getOwnerReferences().stream()
                      .anyMatch(owner -> owner.getUid().equals(pool.uid()));
              boolean spare = "spare".equals(pod.getMetadata().getLabels().get(Pool.ROLE));
              return !owned || !spare && !holders.contains(pod.getMetadata().getUid());
            })
        .count();
  }

  private long strayProcesses(List<Pod> pods) {
    Set<String> names = new HashSet<>();
    pods.forEach(pod -> names.add(pod.getMetadata().getName()));
    return bench.cluster().nodes().stream()
        .flatMap(node -> node.podNames().stream())
        .filter(name -> !names.contains(name))
        .count();
  }

  private void exactly(String what, long wanted, long measured) {
    aims.add(new BenchReport.Aim(what, (double) measured, measured == wanted));
  }
}

package dev.strata.bench;

import dev.strata.harness.kind.KindStrata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an agent costs: its memory under 100 tasks a second over ten of them and under 100 a second
 * each, and the time from the start of its process to its first heartbeat.
 *
 * <p>System properties: bench.starts (20), bench.seconds (20).
 */
public final class AgentBench {
  private static final int AGENTS = 10;
  private static final int PER_SECOND = 100;
  private static final double MIB = 1024;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Bench bench;
  private final int starts = Integer.getInteger("bench.starts", 20);
  private final Duration load = Duration.ofSeconds(Integer.getInteger("bench.seconds", 20));
  private final List<BenchReport.Row> rows = new ArrayList<>();
  private final Map<String, Object> facts = new LinkedHashMap<>();
  private final List<BenchReport.Aim> aims = new ArrayList<>();

  private AgentBench(Bench bench) {
    this.bench = bench;
  }

  /** Runs it on process nodes, or with the argument {@code kind} in pods with a memory limit. */
  public static void main(String[] arguments) throws Exception {
    boolean kind = List.of(arguments).contains("kind");
    try (Bench bench = kind ? Bench.on(KindStrata.started()) : Bench.start(spec -> spec)) {
      var run = new AgentBench(bench);
      run.starts();
      if (kind) {
        run.limited(1);
        run.limited(AGENTS);
      } else {
        run.memory();
      }
      new BenchReport(kind ? "agent-kind" : "agent", run.rows, run.facts, run.aims).publish();
    }
  }

  /** On one node, because only there can agents share pages. */
  private void limited(int count) throws IOException, InterruptedException {
    Pool pool =
        bench.pool(
            "limited-" + count,
            count,
            0,
            "{handler: {java: {name: echo}}, concurrency: 4}",
            """
            {nodeSelector: {kubernetes.io/hostname: %s}, \
            resources: {limits: {memory: 64Mi}}}"""
                .formatted(worker()));
    pool.awaitHeard(count, 0, LIMIT);
    try (var tasks = new TaskStorm(bench, pool)) {
      String arm = count + " under a limit of 64 MiB, 100 tasks/s";
      facts.put("tasks done, " + arm, tasks.paced(PER_SECOND, load));
      Footprint all = footprint(pool, arm);
      aims.add(BenchReport.Aim.atMost("RSS of the largest agent 60 MiB, " + arm, 60, all.rss()));
      aims.add(BenchReport.Aim.atMost("PSS of the largest agent 40 MiB, " + arm, 40, all.pss()));
    }
    facts.put("pods of limited-" + count + " at the end", pool.pods().size());
    pool.delete(LIMIT);
  }

  /** A node that is not busy with the control plane. */
  private String worker() {
    return bench
        .site()
        .client()
        .nodes()
        .withoutLabel("node-role.kubernetes.io/control-plane")
        .list()
        .getItems()
        .getFirst()
        .getMetadata()
        .getName();
  }

  /** One at a time, so that a start has the cores to itself. */
  private void starts() {
    Pool pool = bench.pool("starts", 0, 0, "{handler: {java: {name: echo}}}", "{}");
    List<Double> millis = new ArrayList<>();
    int cached = 0;
    for (int i = 1; i <= starts; i++) {
      pool.scale(i);
      pool.awaitHeard(i, 0, LIMIT);
      Waiting.pass(Duration.ofMillis(500));
    }
    for (Lives.Life life : bench.lives().of(pool.uid())) {
      millis.add((double) life.heartbeat().startupMillis());
      cached += life.heartbeat().aotCache() ? 1 : 0;
    }
    rows.add(BenchReport.Row.of("agent, one at a time", "start_to_heartbeat_ms", millis));
    facts.put("starts with the ahead-of-time cache", cached + " of " + millis.size());
    aims.add(
        BenchReport.Aim.atMost(
            "starts without the ahead-of-time cache: 0", 0, (double) (millis.size() - cached)));
    pool.delete(LIMIT);
  }

  private void memory() throws IOException, InterruptedException {
    Pool pool =
        bench.pool("memory", AGENTS, 0, "{handler: {java: {name: echo}}, concurrency: 4}", "{}");
    pool.awaitHeard(AGENTS, 0, LIMIT);
    try (var tasks = new TaskStorm(bench, pool)) {
      int done = tasks.paced(PER_SECOND, load);
      Footprint all = footprint(pool, "100 tasks/s in all");
      facts.put("tasks done at 100/s in all", done);
      aims.add(BenchReport.Aim.atMost("RSS of the largest agent 70 MiB", 70, all.rss()));
      aims.add(BenchReport.Aim.atMost("PSS of the largest agent 50 MiB", 50, all.pss()));
      facts.put("tasks done at 100/s each", tasks.paced(PER_SECOND * AGENTS, load));
      footprint(pool, "100 tasks/s each");
    }
  }

  /**
   * The largest of the agents.
   *
   * @param rss resident set in MiB
   * @param pss proportional set in MiB: shared pages divided among those who share them
   */
  private record Footprint(double rss, double pss) {}

  private Footprint footprint(Pool pool, String arm) {
    List<Double> rss = new ArrayList<>();
    List<Double> pss = new ArrayList<>();
    for (Lives.Life life : pool.active()) {
      long pid = bench.site().agentProcess(life.heartbeat().node(), life.heartbeat().pod());
      rss.add(mib(pid, "Rss:"));
      pss.add(mib(pid, "Pss:"));
    }
    rows.add(BenchReport.Row.of(arm, "rss_mib", rss));
    rows.add(BenchReport.Row.of(arm, "pss_mib", pss));
    var largest =
        new Footprint(
            rss.stream().mapToDouble(d -> d).max().orElse(0),
            pss.stream().mapToDouble(d -> d).max().orElse(0));
    facts.put(
        "largest agent, " + arm,
        "RSS %.1f MiB, PSS %.1f MiB".formatted(largest.rss(), largest.pss()));
    return largest;
  }

  private static double mib(long pid, String field) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")).stream()
              .filter(line -> line.startsWith(field))
              .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
              .findFirst()
              .orElseThrow()
          / MIB;
    } catch (IOException e) {
      throw new UncheckedIOException("the memory of process " + pid + " cannot be read", e);
    }
  }
}

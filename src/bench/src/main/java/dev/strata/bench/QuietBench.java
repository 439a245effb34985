package dev.strata.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the operator writes when there is nothing to do: a converged pool over some minutes, with
 * five forced reconciles and one restart of the operator. Its leader lease is left out.
 *
 * <p>System properties: bench.agents (50), bench.seconds (300).
 */
public final class QuietBench {
  private static final int RECONCILES = 5;
  private static final int SPARES = 5;
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private QuietBench() {}

  /** Runs it. */
  public static void main(String[] arguments) throws InterruptedException {
    int agents = Integer.getInteger("bench.agents", 50);
    Duration time = Duration.ofSeconds(Integer.getInteger("bench.seconds", 300));
    try (Bench bench = Bench.start(spec -> spec)) {
      Pool pool = bench.pool("quiet", agents, SPARES, "{handler: {java: {name: echo}}}", "{}");
      pool.awaitHeard(agents, SPARES, LIMIT);
      awaitNoWrites(bench);
      Console.progress(
          "a pool of %d agents has converged; now %d s".formatted(agents, time.toSeconds()));
      Instant from = Instant.now();
      Duration step = time.dividedBy(RECONCILES + 2L);
      for (int i = 1; i <= RECONCILES; i++) {
        Waiting.pass(step);
        pool.annotate("bench.strata.dev/look", "look-" + i);
      }
      Waiting.pass(step);
      restart(bench);
      Waiting.pass(step);
      report(bench, from, time);
    }
  }

  /** The restart is by SIGTERM, as a rollout of the operator does it. */
  private static void restart(Bench bench) {
    bench.cluster().operator().stop();
    bench.cluster().operator().start();
    Console.progress("the operator was restarted");
  }

  private static void awaitNoWrites(Bench bench) {
    Duration quiet = Duration.ofSeconds(5);
    Waiting.until(
        LIMIT,
        () -> {
          Instant from = Instant.now();
          Waiting.pass(quiet);
          return bench.operatorWrites(from, Instant.now()).isEmpty();
        },
        () -> "the operator has stopped writing");
  }

  private static void report(Bench bench, Instant from, Duration time) {
    Instant until = Instant.now();
    Map<String, Long> writes = bench.operatorWrites(from, until);
    long sum = writes.values().stream().mapToLong(Long::longValue).sum();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("seconds", Duration.between(from, until).toSeconds());
    facts.put("operator writes by request", writes);
    facts.put("writes by writer", bench.writes(from, until));
    new BenchReport(
            "quiet",
            List.of(),
            facts,
            List.of(
                BenchReport.Aim.atMost(
                    "operator writes in %d s, leader lease left out: 0".formatted(time.toSeconds()),
                    0,
                    (double) sum)))
        .publish();
  }
}

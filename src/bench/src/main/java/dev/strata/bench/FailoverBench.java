package dev.strata.bench;

import dev.strata.harness.AuditLog;
import dev.strata.harness.OperatorProcess;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long a pool is without an operator when the leader of two goes, and whether a leader that was
 * deposed still changes anything.
 *
 * <p>Measured is what a user notices: the pool is to have one agent more, spares are at hand, and
 * the time runs from the signal to the leader until that agent is active. The wish is written right
 * after the signal; at a SIGTERM as soon as the old leader has given up the lease, because until
 * then it may still serve the wish itself. The second row of each kind is the time until the other
 * operator's first write to the lease.
 *
 * <p>In the kinds with a burst the pool is scaled up and down ten times a second when the signal
 * comes. A frozen leader is thawed when the other one has served the wish; it has to end by itself.
 *
 * <p>Deposed writes are counted in the audit log for every change of all kinds: requests of the old
 * leader that came in after the new one's first write to the lease and succeeded. Events, which
 * change nothing, are counted apart, and its requests for the lease itself are left out.
 *
 * <p>System properties: bench.changes (20) for each of the two timed kinds, bench.freezes (5),
 * bench.bursts (15) for SIGTERM in a burst.
 */
public final class FailoverBench {
  private static final int AGENTS = 4;
  private static final int SPARES = 4;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration WARM_UP = Duration.ofSeconds(1);

  private final Bench bench;
  private final Pool pool;
  private final List<OperatorProcess> replicas;
  private final List<DeposedWrites.Change> changes = new ArrayList<>();
  private final Map<Kind, List<Double>> served = new EnumMap<>(Kind.class);

  private enum Kind {
    CRASH("SIGKILL", false),
    GRACEFUL("SIGTERM", false),
    FREEZE("SIGSTOP in a burst", true),
    GRACEFUL_IN_BURST("SIGTERM in a burst", true);

    private final String title;
    private final boolean burst;

    Kind(String title, boolean burst) {
      this.title = title;
      this.burst = burst;
    }
  }

  private FailoverBench(Bench bench, Pool pool, OperatorProcess second) {
    this.bench = bench;
    this.pool = pool;
    this.replicas = List.of(bench.cluster().operator(), second);
  }

  /** Runs it. */
  public static void main(String[] arguments) throws InterruptedException {
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    counts.put(Kind.CRASH, Integer.getInteger("bench.changes", 20));
    counts.put(Kind.GRACEFUL, Integer.getInteger("bench.changes", 20));
    counts.put(Kind.FREEZE, Integer.getInteger("bench.freezes", 5));
    counts.put(Kind.GRACEFUL_IN_BURST, Integer.getInteger("bench.bursts", 15));
    try (Bench bench = Bench.start(spec -> spec)) {
      OperatorProcess second = bench.cluster().anotherOperator("strata-operator-1");
      second.start();
      Pool pool = bench.pool("failover", AGENTS, SPARES, "{handler: {java: {name: sleep}}}", "{}");
      var run = new FailoverBench(bench, pool, second);
      try {
        counts.values().removeIf(count -> count == 0);
        counts.forEach(run::all);
        run.report();
      } finally {
        second.kill();
      }
    }
  }

  private void all(Kind kind, int count) {
    served.put(kind, new ArrayList<>());
    for (int i = 1; i <= count; i++) {
      double millis = change(kind);
      served.get(kind).add(millis);
      Console.progress("%s %d of %d: %.0f ms".formatted(kind.title, i, count, millis));
    }
  }

  private double change(Kind kind) {
    pool.awaitHeard(AGENTS, SPARES, LIMIT);
    Waiting.pass(WARM_UP);
    OperatorProcess leader = leader();
    var burst = kind.burst ? new ScaleBurst(pool, AGENTS) : null;
    if (burst != null) {
      Waiting.pass(WARM_UP);
    }
    Instant at = Instant.now();
    long began = System.nanoTime();
    signal(kind, leader);
    if (burst != null) {
      burst.close();
    }
    if (kind != Kind.CRASH) {
      Waiting.until(
          LIMIT, () -> !leads(leader), () -> leader.name() + " still holds the leader lease");
    }
    long wished = kind == Kind.CRASH ? began : System.nanoTime();
    int wish = kind.burst ? ScaleBurst.most(AGENTS) + 1 : AGENTS + 1;
    pool.scale(wish);
    List<Lives.Life> next = new ArrayList<>();
    Waiting.until(
        LIMIT,
        () -> next.addAll(bench.lives().activeSince(pool.uid(), wished)),
        () -> "nobody makes the agent that was wished for: " + pool.object().get());
    double millis =
        Waiting.millis(began, next.stream().mapToLong(Lives.Life::active).min().orElseThrow());
    bringBack(kind, leader);
    changes.add(new DeposedWrites.Change(kind.title, leader, other(leader), at));
    return millis;
  }

  private static void signal(Kind kind, OperatorProcess leader) {
    switch (kind) {
      case CRASH -> leader.kill();
      case FREEZE -> leader.freeze();
      case GRACEFUL, GRACEFUL_IN_BURST -> leader.terminate();
    }
  }

  /** As its Deployment does it. */
  private void bringBack(Kind kind, OperatorProcess old) {
    if (kind == Kind.FREEZE) {
      old.thaw();
    }
    Waiting.until(LIMIT, () -> !old.isRunning(), () -> old.name() + " ends by itself");
    old.start();
    pool.scale(AGENTS);
  }

  private OperatorProcess leader() {
    Waiting.untilSeldom(
        LIMIT, () -> replicas.stream().anyMatch(this::leads), () -> "one of the operators leads");
    return replicas.stream().filter(this::leads).findFirst().orElseThrow();
  }

  private boolean leads(OperatorProcess operator) {
    return bench.cluster().leader().equals(operator.name());
  }

  private OperatorProcess other(OperatorProcess operator) {
    return replicas.stream().filter(o -> o != operator).findFirst().orElseThrow();
  }

  private void report() {
    var deposed = DeposedWrites.of(bench.cluster().audit(), changes);
    List<BenchReport.Row> rows = new ArrayList<>();
    Map<String, Object> facts = new LinkedHashMap<>();
    served.forEach(
        (kind, millis) -> {
          rows.add(BenchReport.Row.of(kind.title, "agent_active_ms", millis));
          rows.add(BenchReport.Row.of(kind.title, "lease_taken_ms", deposed.taken(kind.title)));
          facts.put(
              "deposed writes, " + kind.title,
              "%d in %d changes %s, refused at the server %s, Events %d"
                  .formatted(
                      deposed.effective(kind.title).size(),
                      millis.size(),
                      AuditLog.countByRequest(deposed.effective(kind.title)),
                      AuditLog.countByRequest(deposed.refused(kind.title)),
                      deposed.events(kind.title).size()));
        });
    facts.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    List<BenchReport.Aim> aims = new ArrayList<>();
    aim(rows, Kind.CRASH, 20_000).ifPresent(aims::add);
    aim(rows, Kind.GRACEFUL, 3000).ifPresent(aims::add);
    aims.add(
        BenchReport.Aim.atMost(
            "deposed writes that took effect, " + changes.size() + " changes: 0",
            0,
            served.keySet().stream()
                .mapToDouble(kind -> deposed.effective(kind.title).size())
                .sum()));
    new BenchReport("failover", rows, facts, aims).publish();
  }

  /** None for a kind that was left out. */
  private static Optional<BenchReport.Aim> aim(
      List<BenchReport.Row> rows, Kind kind, int boundMillis) {
    return rows.stream()
        .filter(row -> row.arm().equals(kind.title) && row.metric().equals("agent_active_ms"))
        .findFirst()
        .map(
            row ->
                BenchReport.Aim.atMost(
                    "p99 after %s at most %d ms".formatted(kind.title, boundMillis),
                    boundMillis,
                    row.p99()));
  }
}

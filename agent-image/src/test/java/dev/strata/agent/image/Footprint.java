package dev.strata.agent.image;

import dev.strata.agent.TestPool;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Role;
import dev.strata.protocol.Task;
import dev.strata.protocol.nats.NatsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints what agents of the built image cost: start-up, memory at 100 tasks a second over ten of
 * them, and how many empty tasks ten of them do. Argument: the image's folder.
 */
public final class Footprint {
  private static final int AGENTS = 10;
  private static final int TASKS = 20_000;

  private Footprint() {}

  @SuppressWarnings("SystemOut") // figures are what it is for
  public static void main(String[] arguments) throws Exception {
    Path image = Path.of(arguments[0]).toAbsolutePath();
    Path folder = Files.createTempDirectory("footprint");
    try (NatsServer server = NatsServer.start(folder)) {
      System.out.println("start to first heartbeat, ms: " + starts(server, image, folder));
      try (var pool = new TestPool(server)) {
        var agents = fleet(pool, image, folder, 1);
        load(pool, 100, 12);
        memory(agents);
        work("1 slot", pool, agents);
        agents.forEach(AgentProcess::close);
      }
      try (var pool = new TestPool(server)) {
        var agents = fleet(pool, image, folder, 4);
        work("4 slots", pool, agents);
        memory(agents);
        agents.forEach(AgentProcess::close);
      }
    }
    ImageBuild.removeFolder(folder);
  }

  @SuppressWarnings("SystemOut")
  private static void work(String what, TestPool pool, List<AgentProcess> agents) throws Exception {
    long before = cpuMillis(agents);
    long rate = throughput(pool, TASKS);
    System.out.printf(
        "%s an agent: %d empty tasks/s, %.2f ms of agents' CPU a task%n",
        what, rate, (cpuMillis(agents) - before) / (double) TASKS);
  }

  private static long cpuMillis(List<AgentProcess> agents) {
    return agents.stream()
        .mapToLong(agent -> agent.process().info().totalCpuDuration().orElseThrow().toMillis())
        .sum();
  }

  private static List<Long> starts(NatsServer server, Path image, Path folder) throws Exception {
    var millis = new ArrayList<Long>();
    try (var pool = new TestPool(server)) {
      for (int i = 0; i < 20; i++) {
        String pod = "start-" + i;
        var config = TestPool.config(TestPool.java("echo"));
        try (var agent =
            AgentProcess.start(
                image, pool.environment(pod, config), folder.resolve(pod + ".log"))) {
          var first = pool.awaitHeartbeat(pod, heartbeat -> true);
          millis.add(first.startupMillis());
          if (!first.aotCache()) {
            throw new IllegalStateException("the cache is not in use: " + agent.log());
          }
        }
      }
    }
    return millis.stream().sorted().toList();
  }

  private static List<AgentProcess> fleet(TestPool pool, Path image, Path folder, int slots)
      throws Exception {
    var config = new AgentConfig(TestPool.java("echo"), slots, 10_000, 3, 100, 1000, 5000, 100_000);
    var agents = new ArrayList<AgentProcess>();
    for (int i = 0; i < AGENTS; i++) {
      String pod = "fleet-" + slots + "-" + i;
      Map<String, String> environment = pool.environment(pod, config);
      agents.add(AgentProcess.start(image, environment, folder.resolve(pod + ".log")));
      pool.awaitHeartbeat(pod, heartbeat -> true);
      pool.want(pod, Role.ACTIVE, "pool-" + i, 1);
      pool.awaitHeartbeat(pod, heartbeat -> heartbeat.role() == Role.ACTIVE);
    }
    return agents;
  }

  private static void load(TestPool pool, int perSecond, int seconds) {
    long start = System.nanoTime();
    for (int i = 0; i < perSecond * seconds; i++) {
      LockSupport.parkNanos(start + i * 1_000_000_000L / perSecond - System.nanoTime());
      pool.submit("{\"n\":" + i + "}");
    }
  }

  @SuppressWarnings("SystemOut")
  private static void memory(List<AgentProcess> agents) throws IOException {
    long rss = 0;
    long pss = 0;
    long sum = 0;
    for (AgentProcess agent : agents) {
      long one = kib(agent, "Pss:");
      rss = Math.max(rss, kib(agent, "Rss:"));
      pss = Math.max(pss, one);
      sum += one;
    }
    System.out.printf(
        "largest RSS %.1f MiB, largest PSS %.1f MiB, all %d agents PSS %.1f MiB%n",
        rss / 1024.0, pss / 1024.0, agents.size(), sum / 1024.0);
  }

  private static long kib(AgentProcess agent, String field) throws IOException {
    Path file = Path.of("/proc/" + agent.process().pid() + "/smaps_rollup");
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return 0;
  }

  private static long throughput(TestPool pool, int count) throws Exception {
    var ended = new AtomicInteger();
    pool.transport()
        .subscribe("res." + pool.uid() + ".*", (subject, message) -> ended.incrementAndGet());
    try (var submitters = Executors.newFixedThreadPool(16)) {
      long start = System.nanoTime();
      var submitted = new ArrayList<Future<?>>();
      for (int i = 0; i < count; i++) {
        var task = new Task(MessageIds.newTaskId(), "x", 1);
        submitted.add(submitters.submit(() -> pool.lane().submit(task, Priority.NORMAL)));
      }
      for (Future<?> one : submitted) {
        one.get(30, TimeUnit.SECONDS);
      }
      while (ended.get() < count && System.nanoTime() - start < 60_000_000_000L) {
        LockSupport.parkNanos(1_000_000);
      }
      return ended.get() * 1_000_000_000L / (System.nanoTime() - start);
    }
  }
}

package dev.strata.bench;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Scale-ups of a pool without spares, split by phase. The starts of process and JVM are what the
 * agent says of their age at its first heartbeat, counted back from when that was heard: in between
 * the process is the container runtime's, which sets the container up.
 */
final class ColdSpawns implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Bench bench;
  private final Pool pool;
  private final Map<String, Long> created = new ConcurrentHashMap<>();
  private final Map<String, Long> bound = new ConcurrentHashMap<>();
  private final PodEvents watch;
  private final List<Double> write = new ArrayList<>();
  private final List<Double> schedule = new ArrayList<>();
  private final List<Double> process = new ArrayList<>();
  private final List<Double> jvm = new ArrayList<>();
  private final List<Double> heartbeat = new ArrayList<>();
  private final List<Double> active = new ArrayList<>();
  private final List<Double> task = new ArrayList<>();
  private final List<Double> total = new ArrayList<>();
  private final List<Double> activation = new ArrayList<>();

  ColdSpawns(Bench bench, Pool pool) {
    this.bench = bench;
    this.pool = pool;
    this.watch = new PodEvents(bench.site(), "strata.dev/pool=" + pool.name(), this::changed);
  }

  private void changed(Pod pod, long now) {
    created.putIfAbsent(pod.getMetadata().getUid(), now);
    if (pod.getSpec().getNodeName() != null) {
      bound.putIfAbsent(pod.getMetadata().getUid(), now);
    }
  }

  /** So many agents at once, into the empty pool. */
  void run(int agents) {
    long began = System.nanoTime();
    pool.scale(agents);
    Waiting.until(
        LIMIT,
        () -> working(began).size() >= agents,
        () -> "cold agents have a task: " + pool.object().get());
    working(began).forEach(life -> add(began, life));
  }

  private List<Lives.Life> working(long since) {
    return bench.lives().activeSince(pool.uid(), since).stream()
        .filter(life -> life.taken() != 0)
        .toList();
  }

  private void add(long began, Lives.Life life) {
    String uid = life.heartbeat().podUid();
    long madeAt = created.getOrDefault(uid, began);
    long boundAt = bound.getOrDefault(uid, madeAt);
    long startedAt = life.first() - TimeUnit.MILLISECONDS.toNanos(life.heartbeat().startupMillis());
    long jvmAt = life.first() - TimeUnit.MILLISECONDS.toNanos(life.heartbeat().jvmMillis());
    write.add(Waiting.millis(began, madeAt));
    schedule.add(Waiting.millis(madeAt, boundAt));
    process.add(Waiting.millis(boundAt, startedAt));
    jvm.add(Waiting.millis(startedAt, jvmAt));
    heartbeat.add(Waiting.millis(jvmAt, life.first()));
    active.add(Waiting.millis(life.first(), life.active()));
    task.add(Waiting.millis(life.active(), life.taken()));
    activation.add(Waiting.millis(began, life.active()));
    total.add(Waiting.millis(began, life.taken()));
  }

  List<BenchReport.Row> rows(String arm) {
    return List.of(
        BenchReport.Row.of(arm, "1 write_ms", write),
        BenchReport.Row.of(arm, "2 schedule_ms", schedule),
        BenchReport.Row.of(arm, "3 process_start_ms", process),
        BenchReport.Row.of(arm, "4 jvm_start_ms", jvm),
        BenchReport.Row.of(arm, "5 first_heartbeat_ms", heartbeat),
        BenchReport.Row.of(arm, "6 active_ms", active),
        BenchReport.Row.of(arm, "7 task_taken_ms", task),
        BenchReport.Row.of(arm, SpawnBench.ACTIVATION, activation),
        BenchReport.Row.of(arm, SpawnBench.FIRST_TASK, total));
  }

  @Override
  public void close() {
    watch.close();
  }
}

package dev.strata.bench;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The least that any operator can take: one conditional JSON patch of a spare pod's label, until it
 * is seen on a watch. What a spawn is compared with.
 */
final class Floor implements AutoCloseable {
  private static final String LABEL = "bench.strata.dev/floor";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Bench bench;
  private final AtomicInteger counter = new AtomicInteger();
  private final Map<String, Long> seen = new ConcurrentHashMap<>();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final PodEvents watch;

  Floor(Bench bench, Pool pool) {
    this.bench = bench;
    this.watch = new PodEvents(bench.site(), "strata.dev/pool=" + pool.name(), this::changed);
  }

  private void changed(Pod pod, long now) {
    String value = pod.getMetadata().getLabels().get(LABEL);
    if (value != null) {
      seen.putIfAbsent(value, now);
    }
  }

  /** Patches these pods at once; milliseconds from the common start until each was seen. */
  List<Double> measure(List<String> pods) {
    long began = System.nanoTime();
    List<String> values = pods.stream().map(pod -> "f" + counter.incrementAndGet()).toList();
    for (int i = 0; i < pods.size(); i++) {
      String pod = pods.get(i);
      String value = values.get(i);
      executor.execute(() -> patch(pod, value));
    }
    Waiting.until(
        LIMIT, () -> seen.keySet().containsAll(values), () -> "all patches seen on the watch");
    return values.stream()
        .map(value -> Waiting.millis(began, seen.getOrDefault(value, began)))
        .toList();
  }

  private void patch(String pod, String value) {
    new RawPatch(bench.site())
        .send(
            "api/v1",
            "pods/" + pod,
            RawPatch.JSON,
            """
            [{"op":"test","path":"/metadata/labels/strata.dev~1role","value":"spare"},
             {"op":"add","path":"/metadata/labels/bench.strata.dev~1floor","value":"%s"}]"""
                .formatted(value));
  }

  @Override
  public void close() {
    watch.close();
    executor.close();
  }
}

package dev.strata.bench;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Pods that do nothing, shaped like agents: restricted, no token, no service links, their image on
 * all nodes. From their creation until the watch says Running.
 */
final class PausePods implements AutoCloseable {
  private static final String LABEL = "bench.strata.dev/pause";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Bench bench;
  private final Map<String, Long> running = new ConcurrentHashMap<>();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final PodEvents watch;
  private int made;

  PausePods(Bench bench) {
    this.bench = bench;
    this.watch = new PodEvents(bench.site(), LABEL, this::changed);
  }

  private void changed(Pod pod, long now) {
    if (pod.getStatus() != null && "Running".equals(pod.getStatus().getPhase())) {
      running.putIfAbsent(pod.getMetadata().getName(), now);
    }
  }

  /**
   * So many at once; milliseconds from the common start until each was seen running. They are gone
   * when this returns.
   */
  List<Double> run(int count) {
    long began = System.nanoTime();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = "pause-" + made++;
      names.add(name);
      executor.execute(() -> create(name));
    }
    Waiting.until(
        LIMIT, () -> running.keySet().containsAll(names), () -> "all pause pods are running");
    List<Double> times =
        names.stream()
            .map(name -> Waiting.millis(began, running.getOrDefault(name, began)))
            .toList();
    pods().withGracePeriod(0).delete();
    Waiting.untilSeldom(
        LIMIT, () -> pods().list().getItems().isEmpty(), () -> "all pause pods are gone");
    return times;
  }

  private FilterWatchListDeletable<Pod, PodList, PodResource> pods() {
    return bench.site().client().pods().inNamespace(bench.site().namespace()).withLabel(LABEL);
  }

  private void create(String name) {
    String yaml =
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          labels: {bench.strata.dev/pause: pod}
        spec:
          automountServiceAccountToken: false
          enableServiceLinks: false
          terminationGracePeriodSeconds: 0
          securityContext:
            runAsNonRoot: true
            seccompProfile: {type: RuntimeDefault}
          containers:
            - name: pause
              image: localhost/strata-kind/pause:1
              imagePullPolicy: Never
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: {drop: [ALL]}
        """
            .formatted(name);
    bench
        .site()
        .client()
        .pods()
        .inNamespace(bench.site().namespace())
        .resource(Serialization.unmarshal(yaml, Pod.class))
        .create();
  }

  @Override
  public void close() {
    watch.close();
    executor.close();
  }
}

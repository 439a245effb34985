package dev.strata.bench;

import dev.strata.api.v1alpha1.ObjectiveStatus;
import dev.strata.api.v1alpha1.QualityGate;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The verdict on one objective in all gates as whoever watches them sees it, and since when. */
final class Verdicts implements Watcher<QualityGate>, AutoCloseable {
  private final String objective;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();
  private final Watch watch;

  /**
   * @param verdict such as Met
   * @param nanos when it was first seen, by the monotonic clock
   */
  record Seen(String verdict, long nanos) {}

  Verdicts(Bench bench, String objective) {
    this.objective = objective;
    this.watch =
        bench
            .site()
            .client()
            .resources(QualityGate.class)
            .inNamespace(bench.site().namespace())
            .watch(this);
  }

  @Override
  public void eventReceived(Action action, QualityGate gate) {
    long now = System.nanoTime();
    if (gate.getStatus() == null) {
      return;
    }
    for (ObjectiveStatus row : gate.getStatus().objectives()) {
      if (row.name().equals(objective)) {
        seen.merge(
            gate.getMetadata().getName(),
            new Seen(String.valueOf(row.verdict()), now),
            (old, next) -> old.verdict().equals(next.verdict()) ? old : next);
      }
    }
  }

  @Override
  public void onClose(WatcherException cause) {
    Console.progress("the watch of the gates has ended: " + cause.getMessage());
  }

  Seen of(String gate) {
    return seen.getOrDefault(gate, new Seen("none", 0));
  }

  /** How many gates have each verdict. */
  Map<String, Long> count() {
    return seen.values().stream()
        .collect(Collectors.groupingBy(Seen::verdict, Collectors.counting()));
  }

  @Override
  public void close() {
    watch.close();
  }
}

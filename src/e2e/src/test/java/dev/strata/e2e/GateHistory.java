package dev.strata.e2e;

import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateStatus;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Everything that a gate ever said while it was watched, each change of it once. */
final class GateHistory implements AutoCloseable {
  private final Map<String, List<String>> conditions = new ConcurrentHashMap<>();
  private final Map<String, List<String>> verdicts = new ConcurrentHashMap<>();
  private final Watch watch;

  GateHistory(Story story, String gate) {
    this.watch =
        story
            .client()
            .resources(QualityGate.class)
            .inNamespace(story.namespace())
            .withName(gate)
            .watch(
                new Watcher<>() {
                  @Override
                  public void eventReceived(Action action, QualityGate seen) {
                    if (seen.getStatus() != null) {
                      note(seen.getStatus());
                    }
                  }

                  @Override
                  public void onClose(WatcherException cause) {}
                });
  }

  private synchronized void note(QualityGateStatus status) {
    status.conditions().forEach(c -> note(conditions, c.type(), c.status()));
    status.objectives().forEach(o -> note(verdicts, o.name(), o.verdict()));
  }

  private static void note(Map<String, List<String>> told, String name, String word) {
    List<String> words = told.computeIfAbsent(name, n -> new ArrayList<>());
    // What could not be seen for a moment has not turned.
    if (!word.equals("Unknown") && (words.isEmpty() || !words.getLast().equals(word))) {
      words.add(word);
    }
  }

  /** What a condition was, one after the other; Unknown left out. */
  synchronized List<String> condition(String type) {
    return List.copyOf(conditions.getOrDefault(type, List.of()));
  }

  /** What the verdict on an objective was, likewise. */
  synchronized List<String> verdict(String objective) {
    return List.copyOf(verdicts.getOrDefault(objective, List.of()));
  }

  @Override
  public void close() {
    watch.close();
  }
}

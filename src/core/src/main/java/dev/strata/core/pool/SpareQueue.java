package dev.strata.core.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Spares in the order in which they are handed out: current revision first, then those that the
 * kubelet found ready, then on the node with the fewest active agents of the pool, then the oldest.
 * One that missed heartbeats is kept and not handed out: when a node dies, its spares fall silent
 * with its agents, and it would look like the node with the fewest.
 */
final class SpareQueue {
  /** Agents send a heartbeat every second: this long is one missed and half a second late. */
  static final Duration QUIET = Duration.ofMillis(1500);

  private final List<PodView> spares;
  private final Map<String, Integer> activeOnNode = new HashMap<>();
  private final String revision;
  private final Duration listening;

  SpareQueue(PoolView view, Roster roster) {
    this.revision = view.revision();
    this.listening = view.listening();
    this.spares = new ArrayList<>(roster.spares());
    this.spares.removeIf(spare -> !spare.nodeReady());
    for (var holder : roster.active()) {
      count(holder.pod());
    }
  }

  /** The best spare, taken out of the queue. */
  Optional<PodView> take() {
    var best =
        spares.stream()
            .filter(pod -> !quiet(pod))
            .min(
                Comparator.comparing((PodView pod) -> !pod.revision().equals(revision))
                    .thenComparing(pod -> !pod.ready())
                    .thenComparing(pod -> activeOnNode.getOrDefault(node(pod), 0))
                    .thenComparing(PodView::createdAt)
                    .thenComparing(PodView::name));
    best.ifPresent(
        pod -> {
          spares.remove(pod);
          count(pod);
        });
    return best;
  }

  /** What we did not listen for proves nothing. */
  private boolean quiet(PodView pod) {
    return pod.pulse() != null
        && pod.pulse().age().compareTo(QUIET) > 0
        && listening.compareTo(QUIET) > 0;
  }

  /** Whether one of the current revision could be handed out now. */
  boolean hasCurrent() {
    return spares.stream().anyMatch(pod -> pod.revision().equals(revision) && !quiet(pod));
  }

  /** What is left. */
  List<PodView> rest() {
    return List.copyOf(spares);
  }

  private void count(PodView pod) {
    activeOnNode.merge(node(pod), 1, Integer::sum);
  }

  private static String node(PodView pod) {
    return pod.node() == null ? "" : pod.node();
  }
}

package dev.strata.core.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the failed pods of the current revision say: how many starts failed in a row and when the
 * next one is due. The pods themselves are the memory, so a restarted operator backs off just the
 * same.
 *
 * @param inARow failed starts since the last one that lasted
 * @param last the newest of them; null when there is none
 * @param forgotten pods that need not be kept: too old a failure, another revision, or a later
 *     start lasted
 */
record StartFailures(int inARow, @Nullable PodView last, List<PodView> forgotten) {
  /** An agent that ended sooner than this after its start counts as a failed start. */
  static final Duration LASTING = Duration.ofSeconds(10);

  static StartFailures of(PoolView view, Roster roster) {
    Instant proof = newestLastingStart(view);
    List<PodView> failures = new ArrayList<>();
    List<PodView> forgotten = new ArrayList<>();
    for (PodView pod : roster.over()) {
      if (pod.terminating()) {
        continue;
      }
      if (failedStart(pod, view.revision()) && ended(pod).isAfter(proof)) {
        failures.add(pod);
      } else {
        forgotten.add(pod);
      }
    }
    failures.sort(Comparator.comparing(StartFailures::ended).thenComparing(PodView::name));
    while (failures.size() > view.policy().maxStartFailures()) {
      forgotten.add(failures.removeFirst());
    }
    return new StartFailures(
        failures.size(), failures.isEmpty() ? null : failures.getLast(), forgotten);
  }

  /** Whether so many starts failed in a row that only a trial is made now and then. */
  boolean breakerOpen(PoolPolicy policy) {
    return inARow >= policy.maxStartFailures();
  }

  /** When the next start is due; the distant past when none failed. */
  Instant nextStart(PoolPolicy policy) {
    if (last == null) {
      return Instant.MIN;
    }
    if (breakerOpen(policy)) {
      return ended(last).plus(policy.maxBackoff());
    }
    long doubled = policy.backoff().toMillis() << Math.min(inARow - 1, 20);
    return ended(last).plusMillis(Math.min(doubled, policy.maxBackoff().toMillis()));
  }

  private static boolean failedStart(PodView pod, String revision) {
    if (!pod.revision().equals(revision) || pod.phase() != Phase.FAILED) {
      return false;
    }
    Instant started = pod.startedAt();
    return started == null || Duration.between(started, ended(pod)).compareTo(LASTING) < 0;
  }

  private static Instant newestLastingStart(PoolView view) {
    return view.pods().stream()
        .filter(pod -> pod.revision().equals(view.revision()) && !pod.over() && pod.pulse() != null)
        .map(PodView::startedAt)
        .filter(Objects::nonNull)
        .filter(started -> started.plus(LASTING).isBefore(view.now()))
        .max(Comparator.naturalOrder())
        .orElse(Instant.MIN);
  }

  private static Instant ended(PodView pod) {
    Instant finished = pod.finishedAt();
    return finished == null ? pod.createdAt() : finished;
  }
}

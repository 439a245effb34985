package dev.strata.bench;

import dev.strata.harness.Site;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.function.ObjLongConsumer;

/** The pods with a label, each change with the reading of the monotonic clock at which it came. */
final class PodEvents implements AutoCloseable {
  private final Watch watch;

  /**
   * @param labels as kubectl takes them: a name, or a name and a value
   */
  PodEvents(Site site, String labels, ObjLongConsumer<Pod> seen) {
    watch =
        site.client()
            .pods()
            .inNamespace(site.namespace())
            .withLabelSelector(labels)
            .watch(new Reader(labels, seen));
  }

  private record Reader(String labels, ObjLongConsumer<Pod> seen) implements Watcher<Pod> {
    @Override
    public void eventReceived(Action action, Pod pod) {
      seen.accept(pod, System.nanoTime());
    }

    @Override
    public void onClose(WatcherException cause) {
      throw new IllegalStateException("the watch of the pods " + labels + " ended", cause);
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}

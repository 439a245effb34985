package dev.strata.harness.node;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The last word of a node on a pod: nothing of it is left, the object can go. */
record PodDeletion(NodeApi api, String path, String uid) {
  private static final Duration RETRY = Duration.ofMillis(200);

  /** Tries until the object of this UID is gone or the node is. */
  void untilDone() {
    Map<String, Object> options =
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "DeleteOptions",
            "gracePeriodSeconds",
            0,
            "preconditions",
            Map.of("uid", uid));
    boolean done = false;
    while (!done) {
      try {
        api.send("DELETE", path, NodeApi.PLAIN, options);
        done = true;
      } catch (NodeApi.RefusedException e) {
        done = e.code() == 404 || e.code() == 409 || pause();
      } catch (IOException e) {
        done = pause(); // cut off, or the API server is away
      }
    }
  }

  /** Always false: to be tried again. */
  private static boolean pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeApi.NodeGoneException();
    }
  }
}

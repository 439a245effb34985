package dev.strata.e2e.kind;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** How the tests on Kind wait, tell pods apart, and what they print. */
final class Steps {
  private Steps() {}

  /** A request that an API server on few cores did not answer is a look that saw nothing. */
  static void eventually(ThrowingRunnable fact) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsMatching(
            e -> e instanceof IllegalStateException || e instanceof KubernetesClientException)
        .untilAsserted(fact);
  }

  static List<String> uids(List<Pod> pods) {
    return pods.stream().map(pod -> pod.getMetadata().getUid()).sorted().toList();
  }

  static void timed(String what, Runnable step) {
    long began = System.nanoTime();
    step.run();
    say("%-60s %7.1f s".formatted(what, (System.nanoTime() - began) / 1e9));
  }

  static void say(String text) {
    System.err.println(text.strip().indent(2).replaceAll("(?m)^ {2}", "kind: ").stripTrailing());
  }
}

package dev.strata.e2e.kind;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** How the tests on Kind wait, and what they print. */
final class Steps {
  private Steps() {}

  static void eventually(ThrowingRunnable fact) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(fact);
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

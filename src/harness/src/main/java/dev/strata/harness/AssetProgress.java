package dev.strata.harness;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says what is going on, at least every ten seconds, so that nobody takes it for hung. */
final class AssetProgress {
  private static final Duration HEARTBEAT = Duration.ofSeconds(8);
  private static final Duration SILENT = Duration.ofSeconds(1);

  private final PrintStream out;

  AssetProgress(PrintStream out) {
    this.out = out;
  }

  void say(String line) {
    out.println("assets: " + line);
  }

  /** A step that ends within a second is not worth a line. */
  void step(String what, Runnable work) {
    long start = System.nanoTime();
    CountDownLatch done = new CountDownLatch(1);
    Thread ticker =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (!done.await(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                      say(what + " ... " + seconds(start) + " s");
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    try {
      work.run();
      if (System.nanoTime() - start > SILENT.toNanos()) {
        say(what + " done in " + seconds(start) + " s");
      }
    } finally {
      done.countDown();
      ticker.interrupt();
    }
  }

  private static long seconds(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toSeconds();
  }
}

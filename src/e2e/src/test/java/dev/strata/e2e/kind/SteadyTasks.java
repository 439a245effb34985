package dev.strata.e2e.kind;

import com.fasterxml.jackson.databind.JsonNode;
import dev.strata.harness.kind.KindCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands tasks in, some each second, while a test does something else. */
final class SteadyTasks implements AutoCloseable {
  private static final long PERIOD_MILLIS = 200;

  private final OutsideTasks tasks;
  private final String input;
  private final ExecutorService executor = Executors.newSingleThreadExecutor();

  /** Another's tasks have been done already: a key of theirs is answered with what is known. */
  private final String key = "steady-" + System.nanoTime() + "-";

  private final AtomicInteger accepted = new AtomicInteger();
  private final Future<List<String>> submitted;
  private volatile boolean over;

  /** Begins at once. */
  SteadyTasks(KindCluster cluster, String pool, String input) {
    this.tasks = new OutsideTasks(cluster, pool);
    this.input = input;
    this.submitted = executor.submit(this::submit);
  }

  private List<String> submit() throws IOException, InterruptedException {
    List<String> ids = new ArrayList<>();
    while (!over) {
      ids.add(tasks.submit(input, key + ids.size()));
      accepted.incrementAndGet();
      Thread.sleep(PERIOD_MILLIS);
    }
    return ids;
  }

  /** How many have been taken so far. */
  int accepted() {
    return accepted.get();
  }

  /**
   * Hands no more in, and waits for the results of all.
   *
   * @throws ExecutionException when one could not be handed in within two minutes
   */
  List<JsonNode> end() throws IOException, InterruptedException, ExecutionException {
    over = true;
    List<JsonNode> ended = new ArrayList<>();
    for (String id : submitted.get()) {
      ended.add(tasks.result(id));
    }
    return ended;
  }

  @Override
  public void close() {
    over = true;
    executor.shutdownNow();
    tasks.close();
  }
}

package dev.strata.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Forces the verdict on response-time to change, in all pools side by side and out of step with
 * each other.
 *
 * <p>In one way the moment of decision is known from outside: when more than a fifth of the agents
 * of a pool say that they cannot measure, the verdict is Unknown, and when no more than that still
 * do, it is Met. In the other way operations fail and recover: Violated takes two steps ten seconds
 * apart and is left only after a full window, so that the time from outside is mostly the judge's
 * patience.
 */
final class Flips {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Longer than a step, so that the next report is weighed at once. */
  private static final Duration DWELL = Duration.ofSeconds(12);

  private static final long SPREAD_MILLIS = 3000;

  private final List<SimPool> pools;
  private final Verdicts verdicts;

  /** Milliseconds from the deciding report to the verdict seen in a watch. */
  private final List<Double> decided = Collections.synchronizedList(new ArrayList<>());

  /** Seconds from the first failing operation to Violated seen in a watch. */
  private final List<Double> violated = Collections.synchronizedList(new ArrayList<>());

  /** Seconds from the first good operation to Met seen in a watch. */
  private final List<Double> recovered = Collections.synchronizedList(new ArrayList<>());

  private final AtomicInteger unclear = new AtomicInteger();

  Flips(List<SimPool> pools, Verdicts verdicts) {
    this.pools = pools;
    this.verdicts = verdicts;
  }

  List<Double> decided() {
    return decided;
  }

  List<Double> violated() {
    return violated;
  }

  List<Double> recovered() {
    return recovered;
  }

  /** Changes that came before the report that was to bring them. */
  int unclear() {
    return unclear.get();
  }

  int count() {
    return decided.size() + violated.size() + recovered.size();
  }

  /** Signals are lost and come back, so many times in each pool. */
  void lose(int rounds) {
    everywhere(
        pool -> {
          for (int i = 0; i < rounds; i++) {
            flip(pool, true, "Unknown");
            dwell();
            flip(pool, false, "Met");
            dwell();
          }
        });
  }

  /** Operations fail and end well again, so many times in each pool. */
  void fail(int rounds) {
    everywhere(
        pool -> {
          for (int i = 0; i < rounds; i++) {
            long began = System.nanoTime();
            pool.operate(false);
            violated.add((await(pool, "Violated") - began) / 1e9);
            began = System.nanoTime();
            pool.operate(true);
            recovered.add((await(pool, "Met") - began) / 1e9);
          }
        });
  }

  private void flip(SimPool pool, boolean lost, String verdict) {
    pool.lose(lost);
    long seen = await(pool, verdict);
    long began = pool.decided();
    if (began == 0 || seen < began) {
      unclear.incrementAndGet(); // something else than our reports has changed the verdict
    } else {
      decided.add(Waiting.millis(began, seen));
    }
  }

  /** When the verdict was first seen. */
  private long await(SimPool pool, String verdict) {
    String gate = pool.pool().name();
    Waiting.until(
        LIMIT,
        () -> verdicts.of(gate).verdict().equals(verdict),
        () -> gate + " is " + verdict + "; it is " + verdicts.of(gate));
    return verdicts.of(gate).nanos();
  }

  private static void dwell() {
    Waiting.pass(DWELL.plusMillis(ThreadLocalRandom.current().nextLong(SPREAD_MILLIS)));
  }

  private interface Task {
    void on(SimPool pool);
  }

  private void everywhere(Task task) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (SimPool pool : pools) {
        all.add(
            threads.submit(
                () -> {
                  Waiting.pass(
                      Duration.ofMillis(ThreadLocalRandom.current().nextLong(SPREAD_MILLIS)));
                  task.on(pool);
                }));
      }
      for (Future<?> one : all) {
        one.get(LIMIT.toSeconds() * 4, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while verdicts are forced", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("a verdict could not be forced", e);
    }
  }
}

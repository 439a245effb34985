package dev.strata.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Task;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkLane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One pool's part: every document is a task, over and over until told to stop; every round has to
 * find the same. At most {@value #OUTSTANDING} tasks wait for a result at a time.
 */
final class Checking {
  private static final int OUTSTANDING = 24;
  private static final Duration RESULT_LIMIT = Duration.ofSeconds(60);
  private static final Duration PACE = Duration.ofMillis(4);

  private final String name;
  private final WorkLane lane;
  private final List<Path> files;
  private final Function<Path, String> input;
  private final Map<Path, Set<Finding>> found = new ConcurrentHashMap<>();
  private final Map<String, Path> sent = new ConcurrentHashMap<>();
  private final AtomicLong submitted = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong redelivered = new AtomicLong();
  private final AtomicLong rounds = new AtomicLong();
  private final List<String> problems = java.util.Collections.synchronizedList(new ArrayList<>());
  private final Semaphore free = new Semaphore(OUTSTANDING);
  private volatile boolean stopping;
  private @Nullable Thread thread;

  Checking(String name, WorkLane lane, List<Path> files, Function<Path, String> input) {
    this.name = name;
    this.lane = lane;
    this.files = List.copyOf(files);
    this.input = input;
  }

  void start() {
    thread = Thread.ofVirtual().name("checking " + name).start(this::run);
  }

  /** Ends the round that is under way and waits for what was sent. */
  void stop() throws InterruptedException {
    stopping = true;
    Thread running = thread;
    if (running != null && !running.join(RESULT_LIMIT)) {
      problems.add(name + ": the last round did not end within " + RESULT_LIMIT.toSeconds() + " s");
      return;
    }
    if (!free.tryAcquire(
        OUTSTANDING, RESULT_LIMIT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)) {
      problems.add(name + ": results are outstanding after " + RESULT_LIMIT.toSeconds() + " s");
    }
  }

  private void run() {
    try {
      do {
        for (Path file : files) {
          free.acquire();
          send(file);
          Thread.sleep(PACE);
        }
        rounds.incrementAndGet();
      } while (!stopping);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(Path file) {
    var task = new Task(MessageIds.newTaskId(), input.apply(file), System.currentTimeMillis());
    sent.put(task.id(), file);
    submitted.incrementAndGet();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                submit(task);
                accept(file, await(task.id()));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                free.release();
              }
            });
  }

  /** The id makes a second try harmless. */
  private void submit(Task task) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        if (lane.submit(task, Priority.NORMAL) != WorkLane.Submission.FULL) {
          return;
        }
      } catch (TransportException e) {
        if (attempt == 20) {
          problems.add(name + ": task " + task.id() + " could not be sent: " + e.getMessage());
          return;
        }
      }
      Thread.sleep(Duration.ofMillis(250));
    }
  }

  /** A server that is lost takes the answers with it that it owed. */
  private Optional<TaskResult> await(String id) throws InterruptedException {
    long end = System.nanoTime() + RESULT_LIMIT.toNanos();
    while (System.nanoTime() < end) {
      try {
        return lane.awaitResult(id, RESULT_LIMIT);
      } catch (TransportException e) {
        Thread.sleep(Duration.ofMillis(250));
      }
    }
    return Optional.empty();
  }

  private void accept(Path file, Optional<TaskResult> result) {
    if (result.isEmpty()) {
      return;
    }
    done.incrementAndGet();
    sent.remove(result.get().id());
    if (result.get().deliveries() > 1) {
      redelivered.incrementAndGet();
    }
    if (result.get().status() != TaskResult.Status.DONE) {
      problems.add(
          name + ": " + file + " ended as " + result.get().status() + ": " + result.get().error());
      return;
    }
    var now = parse(file, String.valueOf(result.get().output()));
    var before = found.putIfAbsent(file, now);
    if (before != null && !before.equals(now)) {
      problems.add(name + ": " + file + " was judged differently in two rounds");
    }
  }

  private Set<Finding> parse(Path file, String output) {
    ObjectMapper json = Messages.mapper();
    var findings = new TreeSet<Finding>();
    try {
      for (JsonNode finding : json.readTree(output).path("findings")) {
        findings.add(
            new Finding(
                file.toString(),
                finding.path("line").asInt(),
                finding.path("kind").asText(),
                finding.path("message").asText()));
      }
    } catch (JsonProcessingException e) {
      problems.add(name + ": " + file + ": the handler's output is no JSON: " + output);
    }
    return findings;
  }

  /** How many documents a round has. */
  int size() {
    return files.size();
  }

  String name() {
    return name;
  }

  long submitted() {
    return submitted.get();
  }

  long done() {
    return done.get();
  }

  long redelivered() {
    return redelivered.get();
  }

  long rounds() {
    return rounds.get();
  }

  /** Tasks that were sent and have no result. */
  long lost() {
    return sent.size();
  }

  Set<Finding> findings() {
    var all = new TreeSet<Finding>();
    found.values().forEach(all::addAll);
    return all;
  }

  List<String> problems() {
    return List.copyOf(problems);
  }
}

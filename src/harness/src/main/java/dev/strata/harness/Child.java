package dev.strata.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process in a session of its own, so that neither Ctrl-C in a terminal nor a signal to our group
 * reaches it, and that ends with this JVM in any case. What it leaves in its group when it ends is
 * killed.
 */
public final class Child {
  private final String name;
  private final Process process;
  private final Path log;
  private final CompletableFuture<Integer> exit;

  /** Whether somebody here has sent it a signal that ends it, be it too late. */
  private volatile boolean told;

  private Child(String name, Process process, Path log, Reaper reaper) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.exit =
        process
            .onExit()
            .thenApply(
                ended -> {
                  reaper.ended(ended.pid());
                  return ended.exitValue();
                });
  }

  /**
   * @param environment the whole environment, or null to inherit ours
   * @param log gets both output streams, appended
   * @throws IOException when a folder or the shell is missing
   */
  static Child start(
      String name,
      List<String> command,
      @Nullable Map<String, String> environment,
      Path workingFolder,
      Path log,
      Reaper reaper)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(reaper.recorded(command))
            .directory(workingFolder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    if (environment != null) {
      builder.environment().clear();
      builder.environment().putAll(environment);
    }
    return new Child(name, builder.start(), log, reaper);
  }

  public long pid() {
    return process.pid();
  }

  public Path log() {
    return log;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Whether it was signalled to end, from here. */
  public boolean wasToldToEnd() {
    return told;
  }

  /**
   * Completed with the exit status, 128 + n after signal n, once the whole group has been ended.
   */
  public CompletableFuture<Integer> exit() {
    return exit;
  }

  /** To the first process only, as a kubelet does. */
  public void signal(Signal signal) {
    told = told || signal.ends();
    if (process.isAlive()) {
      signal.toProcess(process.pid());
    }
  }

  /** To all processes of its group. */
  public void signalGroup(Signal signal) {
    told = told || signal.ends();
    if (process.isAlive()) {
      signal.toProcess(process.pid()); // in its first moment it has no group of its own yet
      signal.toGroup(process.pid());
    }
  }

  /** SIGKILL to the group; returns when it is gone. */
  public void kill() {
    signalGroup(Signal.KILL);
    await(Duration.ofSeconds(10));
  }

  /** SIGTERM, then SIGKILL to the group when the time is over. */
  public void stop(Duration grace) {
    signal(Signal.TERM);
    if (!await(grace)) {
      kill();
    }
  }

  /** False when it still runs after that time. */
  public boolean await(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
      exit.join();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The end of the log, for error messages. */
  public String logTail(int lines) {
    try {
      List<String> all = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name + "[" + process.pid() + "]";
  }
}

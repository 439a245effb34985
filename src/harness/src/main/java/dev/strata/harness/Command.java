package dev.strata.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that is run to its end for what it prints, within a limit. */
public final class Command {
  private final List<String> words;
  private final Map<String, String> environment = new HashMap<>();
  private Duration limit = Duration.ofMinutes(2);
  private String input = "";

  private Command(List<String> words) {
    this.words = List.copyOf(words);
  }

  /** The program and its arguments. */
  public static Command of(List<String> words) {
    return new Command(words);
  }

  /** It is killed when it runs longer; two minutes unless said otherwise. */
  public Command within(Duration time) {
    limit = time;
    return this;
  }

  /** Adds to the environment that it inherits. */
  public Command with(Map<String, String> variables) {
    environment.putAll(variables);
    return this;
  }

  /** What it reads; nothing unless said otherwise. */
  public Command reading(String text) {
    input = text;
    return this;
  }

  /**
   * Runs it.
   *
   * @return what it prints on both streams
   * @throws IllegalStateException with what it says when it fails or takes too long
   */
  public String run() {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      // Reading ends when the program does; this is for one that waits for something.
      Thread watch = Thread.startVirtualThread(() -> endAfterLimit(process));
      try (var out = process.getOutputStream()) {
        out.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It did not want to read: its status says whether that is a failure.
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      watch.interrupt();
      if (status != 0) {
        throw new IllegalStateException(
            "'%s' ended with status %d: %s"
                .formatted(String.join(" ", words), status, said.strip()));
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException("the program " + words.getFirst() + " cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + words.getFirst() + " runs", e);
    }
  }

  /** Whether it ends with status 0; a program that is missing does not. */
  public boolean succeeds() {
    try {
      run();
      return true;
    } catch (IllegalStateException | UncheckedIOException e) {
      return false;
    }
  }

  private void endAfterLimit(Process process) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      // It has ended.
    }
  }
}

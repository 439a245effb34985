package dev.strata.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that nothing outlives this JVM, not even when it is killed. A small shell in a session
 * of its own holds the reading end of a pipe; when the JVM is gone, however that happened, the pipe
 * ends and the shell kills all recorded process groups, removes the recorded routes and the data
 * folder. (PDEATHSIG would fire when the <em>thread</em> that forked ends.)
 *
 * <p>A child records itself before it becomes the program, with the start time that tells it from a
 * later process of the same id, so there is no moment at which it runs unrecorded.
 */
final class Reaper implements AutoCloseable {
  private static final String RECORD =
      "read -r s < /proc/self/stat; echo \"$s\" > \"$1/$$\"; shift; exec \"$@\"";

  private final Path folder;
  private final Path processes;
  private final Path routes;
  private final Process watcher;

  /**
   * @param folder a new folder for the records
   * @param doomed removed as a whole when the JVM dies
   */
  Reaper(Path folder, Path doomed) {
    this.folder = folder;
    processes = folder.resolve("processes");
    routes = folder.resolve("routes");
    Path script = folder.resolve("reaper.sh");
    try (InputStream in = Reaper.class.getResourceAsStream("reaper.sh")) {
      if (in == null) {
        throw new IllegalStateException("reaper.sh is missing from the class path");
      }
      Files.createDirectories(processes);
      Files.createDirectories(routes);
      Files.copy(in, script);
      watcher =
          new ProcessBuilder(
                  "setsid", "/bin/sh", script.toString(), folder.toString(), doomed.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("the reaper cannot be started in " + folder, e);
    }
  }

  /** The command that records itself here, in a session and group of its own, and then runs. */
  List<String> recorded(List<String> command) {
    List<String> all =
        new ArrayList<>(
            List.of("setsid", "/bin/sh", "-c", RECORD, "recorded", processes.toString()));
    all.addAll(command);
    return all;
  }

  /** Ends what is left of the group of a child whose first process has ended, and forgets it. */
  void ended(long pid) {
    Signal.KILL.toGroup(pid);
    delete(processes.resolve(Long.toString(pid)));
  }

  /** Has the route removed when the JVM dies. */
  void routeAdded(String network) {
    try {
      Files.writeString(routes.resolve(network.replace('/', '_')), network);
    } catch (IOException e) {
      throw new UncheckedIOException("the route " + network + " cannot be recorded", e);
    }
  }

  void routeRemoved(String network) {
    delete(routes.resolve(network.replace('/', '_')));
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets the shell do its work now: kills what is still recorded and removes the data folder. */
  @Override
  public void close() {
    try (var orders = watcher.getOutputStream()) {
      orders.write("orderly\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("the reaper of " + folder + " cannot be told to end", e);
    }
    try {
      if (!watcher.waitFor(10, TimeUnit.SECONDS)) {
        watcher.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

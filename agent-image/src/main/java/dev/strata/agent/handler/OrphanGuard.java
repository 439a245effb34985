package dev.strata.agent.handler;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A small shell that ends what a child leaves behind in its session, and all children when the
 * agent is gone, however it went: its stdin then reaches its end. Children have sessions of their
 * own, so nobody who ends the agent's process group would find them, and orphans are in no process
 * tree.
 */
final class OrphanGuard implements AutoCloseable {
  private static final String SCRIPT =
      """
      all=
      while read -r what pid; do
        rest=
        for one in $all; do [ "$one" = "$pid" ] || rest="$rest $one"; done
        all=$rest
        if [ "$what" = add ]; then all="$all $pid"; else kill -s KILL -- "-$pid" 2>/dev/null; fi
      done
      for one in $all; do kill -s KILL -- "-$one" 2>/dev/null; done
      """;

  private final boolean sessions;
  private @Nullable Process shell;
  private boolean closed;

  OrphanGuard(boolean sessions) {
    this.sessions = sessions;
  }

  /**
   * Starts the shell, if there is none: a child that is started after it is known to it a moment
   * later, and not after the start of another program.
   */
  synchronized void ready() {
    if (!sessions || closed) {
      return;
    }
    try {
      shell();
    } catch (IOException e) {
      shell = null;
    }
  }

  void add(long pid) {
    tell("add " + pid);
  }

  /** The child has ended or is to end: nothing of its session is left alive. */
  void end(long pid) {
    tell("end " + pid);
  }

  private synchronized void tell(String line) {
    if (!sessions || closed) {
      return;
    }
    try {
      OutputStream stdin = shell().getOutputStream();
      stdin.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
      stdin.flush();
    } catch (IOException e) {
      // Without a shell the container's end is the only guard; the next call tries again.
      shell = null;
    }
  }

  private Process shell() throws IOException {
    Process running = shell;
    if (running == null || !running.isAlive()) {
      running =
          new ProcessBuilder("setsid", "sh", "-c", SCRIPT)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      shell = running;
    }
    return running;
  }

  /** Ends the shell, and with it every child that is still there. */
  @Override
  public synchronized void close() {
    closed = true;
    if (shell == null) {
      return;
    }
    try {
      shell.getOutputStream().close();
      if (!shell.waitFor(1, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
      }
    } catch (IOException e) {
      shell.destroyForcibly();
    } catch (InterruptedException e) {
      shell.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

package dev.strata.agent.handler;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of a handler, its stderr's last words, and the way to end it with all it started. */
final class Child {
  private static final int TAIL_BYTES = 4096;
  private static final long KILL_MILLIS = 500;
  private static final long JOIN_MILLIS = 200;

  private final Process process;
  private final OrphanGuard guard;
  private final Thread stderr;
  private byte[] tail = new byte[0];

  Child(Process process, OrphanGuard guard) {
    this.process = process;
    this.guard = guard;
    guard.add(process.pid());
    this.stderr =
        Thread.ofPlatform().daemon().name("stderr-" + process.pid()).start(this::keepTail);
  }

  InputStream stdout() {
    return process.getInputStream();
  }

  OutputStream stdin() {
    return process.getOutputStream();
  }

  boolean alive() {
    return process.isAlive();
  }

  int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  private void keepTail() {
    byte[] buffer = new byte[1024];
    try (InputStream in = process.getErrorStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        append(buffer, n);
      }
    } catch (IOException e) {
      // The process was ended: what came until then is what there is.
    }
  }

  private synchronized void append(byte[] bytes, int n) {
    byte[] both = Arrays.copyOf(tail, tail.length + n);
    System.arraycopy(bytes, 0, both, tail.length, n);
    tail =
        both.length > TAIL_BYTES
            ? Arrays.copyOfRange(both, both.length - TAIL_BYTES, both.length)
            : both;
  }

  /** The last line that the process wrote to stderr, perhaps empty. */
  String lastWords() throws InterruptedException {
    stderr.join(JOIN_MILLIS);
    synchronized (this) {
      List<String> lines = new String(tail, StandardCharsets.UTF_8).strip().lines().toList();
      return lines.isEmpty() ? "" : HandlerFailure.firstLine(lines.getLast());
    }
  }

  /** How the process ended, as a reason. */
  HandlerFailure failure(int status) throws InterruptedException {
    String words = lastWords();
    return new HandlerFailure("ExitStatus", status + (words.isEmpty() ? "" : ": " + words));
  }

  /**
   * Ends the process and everything that it started: children by the process tree, orphans by the
   * {@link OrphanGuard}. Waits a little for the end, uninterrupted.
   */
  void kill() {
    boolean interrupted = Thread.interrupted();
    List<ProcessHandle> tree = process.descendants().toList();
    process.destroyForcibly();
    tree.forEach(ProcessHandle::destroyForcibly);
    guard.end(process.pid());
    try {
      process.waitFor(KILL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** To be called when the process ended by itself. */
  void ended() {
    guard.end(process.pid());
  }
}

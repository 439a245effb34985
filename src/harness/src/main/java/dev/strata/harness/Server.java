package dev.strata.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program that can be started, ended, frozen and started again with the same arguments: same
 * ports, same data.
 */
public final class Server {
  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path folder;
  private final Path log;
  private final Reaper reaper;
  private @Nullable Child child;

  Server(
      String name,
      List<String> command,
      Map<String, String> environment,
      Path folder,
      Path log,
      Reaper reaper) {
    this.name = name;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.folder = folder;
    this.log = log;
    this.reaper = reaper;
  }

  /** Starts it when it is not running; does not wait until it is of use. */
  public synchronized void start() {
    if (isRunning()) {
      return;
    }
    try {
      child = Child.start(name, command, environment, folder, log, reaper);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be started: " + command.getFirst(), e);
    }
  }

  public synchronized boolean isRunning() {
    return child != null && child.isAlive();
  }

  /** Whether it was started and has ended. */
  synchronized boolean isGone(boolean evenIfTold) {
    return child != null && !child.isAlive() && (evenIfTold || !child.wasToldToEnd());
  }

  /**
   * Starts it when {@link #isGone}, in one step.
   *
   * @return whether it was
   */
  synchronized boolean startAgain(boolean evenIfTold) {
    boolean gone = isGone(evenIfTold);
    if (gone) {
      start();
    }
    return gone;
  }

  /** SIGKILL; returns when it is gone. */
  public synchronized void kill() {
    if (child != null) {
      child.kill();
    }
  }

  /** SIGTERM, SIGKILL after that time; returns when it is gone. */
  public synchronized void stop(Duration grace) {
    if (child != null) {
      child.stop(grace);
    }
  }

  /** SIGTERM to the program itself; does not wait. */
  public synchronized void terminate() {
    if (child != null) {
      child.signal(Signal.TERM);
    }
  }

  /** SIGSTOP: connections stay open, nothing is answered. */
  public synchronized void freeze() {
    signal(Signal.STOP);
  }

  /** Ends {@link #freeze}. */
  public synchronized void thaw() {
    signal(Signal.CONT);
  }

  private void signal(Signal signal) {
    if (child != null) {
      child.signalGroup(signal);
    }
  }

  /** The process id of the running or last process; 0 before the first start. */
  public synchronized long pid() {
    return child == null ? 0 : child.pid();
  }

  public Path log() {
    return log;
  }

  /** The end of its log for an error message. */
  synchronized String logTail() {
    return child == null ? "" : child.logTail(15);
  }

  /** Why it does not run, for an error message, with the end of its log; empty while it runs. */
  synchronized String whyItDoesNotRun() {
    if (child == null) {
      return name + " was never started\n";
    }
    return child.isAlive()
        ? ""
        : "%s ended with status %d and said last:%n%s%n"
            .formatted(child, child.exit().join(), logTail());
  }

  @Override
  public String toString() {
    return name;
  }
}

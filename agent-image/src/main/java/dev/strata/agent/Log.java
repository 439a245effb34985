package dev.strata.agent;

import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** One line an event on stderr; a logging framework would cost start-up time and memory. */
public final class Log {
  private final PrintStream out;
  private final Clock clock;

  public Log(PrintStream out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  public void info(String line) {
    write("INFO  ", line);
  }

  public void warn(String line) {
    write("WARN  ", line);
  }

  private void write(String level, String line) {
    String oneLine = line.indexOf('\n') < 0 ? line : line.replace('\n', ' ');
    out.println(clock.instant().truncatedTo(ChronoUnit.MILLIS) + " " + level + oneLine);
  }
}

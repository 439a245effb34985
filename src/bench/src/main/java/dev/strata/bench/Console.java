package dev.strata.bench;

import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** What a person at the terminal reads. */
public final class Console {
  private Console() {}

  /** A text as it is. */
  @SuppressWarnings("SystemOut") // a benchmark is a program for the terminal
  public static void print(String text) {
    System.out.println(text);
  }

  /** A line of progress with the time in front. */
  public static void progress(String text) {
    print(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + "  " + text);
  }
}

package dev.strata.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What the person in front of it sees: each step with the time since the start, and tables. */
final class Screen {
  private final PrintStream out;
  private final long began = System.nanoTime();

  Screen(PrintStream out) {
    this.out = out;
  }

  void step(String text) {
    out.printf(Locale.ROOT, "%6.1f s  %s%n", Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0, text);
    out.flush();
  }

  void line(String text) {
    out.println(text);
    out.flush();
  }

  /** Two columns, the first as wide as its longest entry. */
  void table(String title, List<String[]> rows) {
    int width = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
    out.println();
    out.println(title);
    for (String[] row : rows) {
      out.printf(Locale.ROOT, "  %-" + width + "s  %s%n", row[0], row[1]);
    }
    out.flush();
  }
}

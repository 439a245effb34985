package dev.strata.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a benchmark found: the same figures as a table for people and as JSON for programs.
 *
 * @param bench its name, also of the file
 * @param rows distributions
 * @param facts single figures, in the order of the table
 * @param aims what the figures were to be
 */
public record BenchReport(String bench, List<Row> rows, Map<String, Object> facts, List<Aim> aims) {

  /**
   * One distribution.
   *
   * @param arm what was done, such as "warm, 20 at once"
   * @param metric what was measured, with its unit
   * @param n number of samples
   */
  public record Row(String arm, String metric, int n, double p50, double p95, double p99) {
    /** The row of these samples; percentiles by nearest rank. */
    public static Row of(String arm, String metric, List<Double> samples) {
      double[] sorted = samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      return new Row(
          arm, metric, sorted.length, rank(sorted, 50), rank(sorted, 95), rank(sorted, 99));
    }

    private static double rank(double[] sorted, int percent) {
      return sorted.length == 0
          ? Double.NaN
          : sorted[Math.max(0, Math.ceilDiv(sorted.length * percent, 100) - 1)];
    }
  }

  /**
   * What a figure was to be.
   *
   * @param what the aim in words, with its number
   * @param measured what came out
   * @param met whether it holds
   */
  public record Aim(String what, double measured, boolean met) {
    /** The figure is to be no larger than the bound. */
    public static Aim atMost(String what, double bound, double measured) {
      return new Aim(what, measured, measured <= bound);
    }

    /** The figure is to be larger than the bound. */
    public static Aim above(String what, double bound, double measured) {
      return new Aim(what, measured, measured > bound);
    }

    @Override
    public String toString() {
      return what + ": " + number(measured);
    }
  }

  public BenchReport {
    rows = List.copyOf(rows);
    aims = List.copyOf(aims);
  }

  /** The aims that were missed, each with its figure. */
  public List<String> missed() {
    return aims.stream().filter(aim -> !aim.met()).map(Aim::toString).toList();
  }

  /** Prints the table and writes target/bench/NAME.json below the project's root. */
  public void publish() {
    Console.print(table());
    Path file = write(Path.of(System.getProperty("strata.root", ".")).resolve("target/bench"));
    Console.print("figures: " + file);
  }

  private String table() {
    var text = new StringBuilder("\n");
    if (!rows.isEmpty()) {
      text.append(line("arm", "metric", "n", "p50", "p95", "p99"));
    }
    for (Row row : rows) {
      text.append(
          line(
              row.arm(),
              row.metric(),
              Integer.toString(row.n()),
              number(row.p50()),
              number(row.p95()),
              number(row.p99())));
    }
    text.append('\n');
    facts.forEach((name, value) -> text.append("%-44s %s\n".formatted(name, value)));
    text.append('\n');
    for (Aim aim : aims) {
      text.append("%-7s %s\n".formatted(aim.met() ? "met" : "MISSED", aim));
    }
    return text.toString();
  }

  private static String line(String... cells) {
    return "%-30s %-24s %6s %9s %9s %9s\n".formatted((Object[]) cells);
  }

  private Path write(Path folder) {
    var json = new ObjectMapper();
    ObjectNode object = json.createObjectNode();
    object.put("bench", bench);
    object.put("cores", Runtime.getRuntime().availableProcessors());
    object.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    object.set("rows", json.valueToTree(rows));
    object.set("facts", json.valueToTree(facts));
    object.set("aims", json.valueToTree(aims));
    object.set("aims_missed", json.valueToTree(missed()));
    try {
      Files.createDirectories(folder);
      Path file = folder.resolve(bench + ".json");
      json.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), object);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("the figures cannot be written to " + folder, e);
    }
  }

  /** A figure with as many digits as mean something. */
  static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.1f", value);
  }

  /** A figure as a fact: two decimals. */
  static double rounded(double value) {
    return Double.isFinite(value) ? Math.round(value * 100) / 100.0 : value;
  }

  /** The row of an arm and metric. */
  static Row find(List<Row> rows, String arm, String metric) {
    return rows.stream()
        .filter(row -> row.arm().equals(arm) && row.metric().equals(metric))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no row " + arm + ", " + metric + " in " + Arrays.toString(rows.toArray())));
  }
}

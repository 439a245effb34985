package dev.strata.bench;

import dev.strata.harness.OperatorProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the operator says of itself at a moment, and what the kernel says of it.
 *
 * @param nanos the moment, by the monotonic clock
 * @param cpuSeconds CPU time of its process so far
 * @param metrics its metrics by name and tags, as Prometheus reads them
 */
record OperatorFigures(long nanos, double cpuSeconds, NavigableMap<String, Double> metrics) {
  private static final double TICKS_A_SECOND = 100;
  private static final Pattern HEAP = Pattern.compile("total \\d+K, used (\\d+)K");
  private static final Pattern LE = Pattern.compile("le=\"([^\"]+)\"");

  static OperatorFigures of(OperatorProcess operator) {
    NavigableMap<String, Double> metrics = new TreeMap<>();
    get(operator.url() + "/q/metrics")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              int end = line.lastIndexOf(' ');
              metrics.put(line.substring(0, end), Double.parseDouble(line.substring(end + 1)));
            });
    return new OperatorFigures(System.nanoTime(), cpu(operator.pid()), metrics);
  }

  /** By HTTP/1.1, as Prometheus does: no attempt to change over to HTTP/2 on the way. */
  private static String get(String url) {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while metrics are read", e);
    }
  }

  /** CPU seconds of a process so far. */
  static double cpu(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
      return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS_A_SECOND;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its heap after a full collection, in MiB. */
  static double heapMib(OperatorProcess operator) {
    String pid = Long.toString(operator.pid());
    jcmd(pid, "GC.run");
    Matcher used = HEAP.matcher(jcmd(pid, "GC.heap_info"));
    double kib = 0;
    while (used.find()) {
      kib += Long.parseLong(used.group(1));
    }
    return kib / 1024;
  }

  private static String jcmd(String... arguments) {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(
          process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sum of a metric over its tags. */
  double sum(String name) {
    return sum(name, "");
  }

  /** The sum of a metric over those tags that contain a text. */
  double sum(String name, String tag) {
    return metrics.tailMap(name).entrySet().stream()
        .takeWhile(e -> e.getKey().startsWith(name))
        .filter(e -> e.getKey().equals(name) || e.getKey().startsWith(name + "{"))
        .filter(e -> e.getKey().contains(tag))
        .mapToDouble(java.util.Map.Entry::getValue)
        .sum();
  }

  /**
   * Percentiles of a timer since an earlier moment, in milliseconds, read off its buckets: between
   * two bounds as if all lay evenly.
   */
  BenchReport.Row row(OperatorFigures before, String arm, String metric, String timer, String tag) {
    NavigableMap<Double, Double> buckets = new TreeMap<>();
    metrics.forEach(
        (key, value) -> {
          Matcher le = LE.matcher(key);
          if (key.startsWith(timer + "_bucket{") && key.contains(tag) && le.find()) {
            double bound =
                le.group(1).equals("+Inf")
                    ? Double.POSITIVE_INFINITY
                    : Double.parseDouble(le.group(1));
            buckets.put(bound * 1000, value - before.metrics.getOrDefault(key, 0.0));
          }
        });
    int n = buckets.isEmpty() ? 0 : buckets.lastEntry().getValue().intValue();
    return new BenchReport.Row(
        arm, metric, n, quantile(buckets, 0.5), quantile(buckets, 0.95), quantile(buckets, 0.99));
  }

  private static double quantile(NavigableMap<Double, Double> buckets, double share) {
    double low = 0;
    double below = 0;
    double rank = buckets.isEmpty() ? 0 : share * buckets.lastEntry().getValue();
    for (var bucket : buckets.entrySet()) {
      if (bucket.getValue() >= rank && bucket.getValue() > below) {
        return low + (bucket.getKey() - low) * (rank - below) / (bucket.getValue() - below);
      }
      low = bucket.getKey();
      below = bucket.getValue();
    }
    return Double.NaN;
  }
}

package dev.strata.harness;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Renders a chart in a JVM of its own: Helm's library, written in Go, takes over the signals of the
 * process that loads it, which would then neither hear Ctrl-C nor SIGTERM any more.
 */
final class ChartRenderer {
  private static final int LIMIT_SECONDS = 60;

  private ChartRenderer() {}

  /** The YAML documents of a chart, as {@code helm template} prints them. */
  static String render(Path chart, String release, String namespace, Map<String, String> values) {
    Path folder;
    try {
      // Helm's library is unpacked into it, 94 MB, and not removed by whoever unpacked it.
      folder = Files.createTempDirectory("chart");
    } catch (IOException e) {
      throw new UncheckedIOException("there is no room to render the chart " + chart, e);
    }
    try {
      return render(folder, chart, release, namespace, values);
    } finally {
      FileTree.remove(folder);
    }
  }

  private static String render(
      Path folder, Path chart, String release, String namespace, Map<String, String> values) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                ChartRenderer.class.getName(),
                chart.toAbsolutePath().toString(),
                release,
                namespace));
    values.forEach((key, value) -> command.add(key + "=" + value));
    try {
      Path errors = folder.resolve("errors");
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      String yaml = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      String said = Files.readString(errors);
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException("the chart " + chart + " cannot be rendered:\n" + said);
      }
      return yaml;
    } catch (IOException e) {
      throw new UncheckedIOException("the chart " + chart + " cannot be rendered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while rendering " + chart, e);
    }
  }

  /**
   * What runs in the other JVM.
   *
   * @param arguments chart, release, namespace, then values as key=value
   */
  public static void main(String[] arguments) {
    // Without a cluster Helm assumes an old Kubernetes, which the chart refuses.
    var template =
        new Helm(Path.of(arguments[0]))
            .template()
            .withName(arguments[1])
            .withNamespace(arguments[2])
            .withKubeVersion(Binary.KUBERNETES);
    for (String value : List.of(arguments).subList(3, arguments.length)) {
      int equals = value.indexOf('=');
      template.set(value.substring(0, equals), value.substring(equals + 1));
    }
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    out.print(template.call());
    out.flush();
  }
}

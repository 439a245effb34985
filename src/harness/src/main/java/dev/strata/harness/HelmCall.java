package dev.strata.harness;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What Helm is to do with a release of a chart. Each verb runs in a JVM of its own: Helm's library,
 * written in Go, takes over the signals of the process that loads it, which would then neither hear
 * Ctrl-C nor SIGTERM any more.
 *
 * @param files of values, later ones go before earlier ones
 * @param values go before the files
 */
public record HelmCall(
    Path chart, String release, String namespace, List<Path> files, Map<String, String> values) {
  private static final int LIMIT_SECONDS = 60;
  private static final String FILE = "@";

  public HelmCall {
    chart = chart.toAbsolutePath();
    files = List.copyOf(files);
    values = Map.copyOf(values);
  }

  /** With the chart's own values. */
  public static HelmCall of(Path chart, String release, String namespace) {
    return new HelmCall(chart, release, namespace, List.of(), Map.of());
  }

  public HelmCall with(Map<String, String> newValues) {
    return new HelmCall(chart, release, namespace, files, newValues);
  }

  public HelmCall withFile(Path file) {
    return new HelmCall(chart, release, namespace, List.of(file.toAbsolutePath()), values);
  }

  /** The YAML documents of the chart. */
  public String template() {
    return run("template", "");
  }

  /**
   * What is wrong with the chart itself, warnings too; empty when nothing is.
   *
   * @throws IllegalStateException with what is wrong
   */
  public void lint() {
    run("lint", "");
  }

  /**
   * Installs a release whose namespace exists.
   *
   * @return what Helm says, the chart's notes too
   */
  public String install(Path kubeconfig) {
    return run("install", kubeconfig.toString());
  }

  /** Like {@link #install}, of a release that exists. */
  public String upgrade(Path kubeconfig) {
    return run("upgrade", kubeconfig.toString());
  }

  public String uninstall(Path kubeconfig) {
    return run("uninstall", kubeconfig.toString());
  }

  private String run(String verb, String kubeconfig) {
    Path folder;
    try {
      // Helm's library is unpacked into it, 94 MB, and not removed by whoever unpacked it.
      folder = Files.createTempDirectory("helm");
    } catch (IOException e) {
      throw new UncheckedIOException("there is no room to run helm " + verb, e);
    }
    try {
      return run(verb, command(folder, verb, kubeconfig), folder.resolve("errors"));
    } finally {
      FileTree.remove(folder);
    }
  }

  private List<String> command(Path folder, String verb, String kubeconfig) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                HelmCall.class.getName(),
                verb,
                kubeconfig,
                chart.toString(),
                release,
                namespace));
    files.forEach(file -> command.add(FILE + file));
    values.forEach((key, value) -> command.add(key + "=" + value));
    return command;
  }

  private String run(String verb, List<String> command, Path errors) {
    try {
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      String said = Files.readString(errors);
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException("helm " + verb + " of " + chart + " failed:\n" + said);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException("helm " + verb + " of " + chart + " cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in helm " + verb + " of " + chart, e);
    }
  }

  /**
   * What runs in the other JVM.
   *
   * @param arguments verb, kubeconfig or nothing, chart, release, namespace, then files as @file
   *     and values as key=value
   */
  public static void main(String[] arguments) {
    List<Path> files = new ArrayList<>();
    Map<String, String> values = new TreeMap<>();
    for (String argument : List.of(arguments).subList(5, arguments.length)) {
      int equals = argument.indexOf('=');
      if (argument.startsWith(FILE)) {
        files.add(Path.of(argument.substring(FILE.length())));
      } else {
        values.put(argument.substring(0, equals), argument.substring(equals + 1));
      }
    }
    var call = new HelmCall(Path.of(arguments[2]), arguments[3], arguments[4], files, values);
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    out.print(call.call(arguments[0], Path.of(arguments[1])));
    out.flush();
  }

  private String call(String verb, Path kubeconfig) {
    return switch (verb) {
      case "template" -> callTemplate();
      case "lint" -> callLint();
      case "install" -> callInstall(kubeconfig);
      case "upgrade" -> callUpgrade(kubeconfig);
      case "uninstall" ->
          Helm.uninstall(release).withNamespace(namespace).withKubeConfig(kubeconfig).call();
      default -> throw new IllegalArgumentException("Helm is not asked to " + verb);
    };
  }

  private String callTemplate() {
    // Without a cluster Helm assumes an old Kubernetes, which the chart refuses.
    var template =
        new Helm(chart)
            .template()
            .withName(release)
            .withNamespace(namespace)
            .withKubeVersion(Binary.KUBERNETES);
    files.forEach(template::withValuesFile);
    values.forEach(template::set);
    return template.call();
  }

  private String callLint() {
    LintResult result = new Helm(chart).lint().strict().call();
    if (result.isFailed()) {
      throw new IllegalStateException(String.join("\n", result.getMessages()));
    }
    return String.join("\n", result.getMessages());
  }

  private String callInstall(Path kubeconfig) {
    var install =
        new Helm(chart)
            .install()
            .withName(release)
            .withNamespace(namespace)
            .withKubeConfig(kubeconfig);
    files.forEach(install::withValuesFile);
    values.forEach(install::set);
    return install.call().getOutput();
  }

  private String callUpgrade(Path kubeconfig) {
    var upgrade =
        new Helm(chart)
            .upgrade()
            .withName(release)
            .withNamespace(namespace)
            .withKubeConfig(kubeconfig);
    files.forEach(upgrade::withValuesFile);
    values.forEach(upgrade::set);
    return upgrade.call().getOutput();
  }
}

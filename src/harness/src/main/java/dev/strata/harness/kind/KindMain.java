package dev.strata.harness.kind;

import dev.strata.harness.Background;
import dev.strata.harness.DockerEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The commands around Kind.
 *
 * <ul>
 *   <li>{@code engine}: starts a Docker engine that stays, where none answers
 *   <li>{@code engine-down}: ends it
 *   <li>{@code up}: a cluster with images and chart that stays
 *   <li>{@code down}: deletes it and one that tests left, and ends the engine if it was started for
 *       it
 *   <li>{@code run COMMAND...}: runs a command with an engine, one of ours if there is no other
 * </ul>
 */
public final class KindMain {
  private static final Duration START_LIMIT = Duration.ofMinutes(15);

  private final Path root;
  private final Path data;
  private final Path folder;
  private final Background lasting;

  private KindMain(Path root) {
    this.root = root;
    data = engineFolder(System.getenv());
    folder = root.resolve(".strata/kind");
    lasting = new Background(data, KindMain.class, "serve-engine", START_LIMIT);
  }

  /** One of the verbs; exit status 1 and a sentence when it cannot be done. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var main = new KindMain(Path.of(System.getProperty("strata.root", ".")).toAbsolutePath());
    try {
      System.exit(main.run(List.of(arguments)));
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  /** The data of an engine of ours is large and is used again, so it is not below target/. */
  static Path engineFolder(Map<String, String> environment) {
    String own = environment.get("STRATA_ENGINE");
    return own == null || own.isBlank()
        ? Path.of(System.getProperty("user.home"), ".cache", "strata", "engine")
        : Path.of(own);
  }

  private int run(List<String> arguments) throws IOException, InterruptedException {
    String verb = arguments.isEmpty() ? "" : arguments.getFirst();
    return switch (verb) {
      case "engine" -> engine() ? 0 : 1;
      case "engine-down" -> engineDown();
      case "serve-engine" -> serveEngine();
      case "up" -> up();
      case "down" -> down();
      case "run" -> run(arguments.subList(1, arguments.size()).toArray(String[]::new));
      default -> {
        System.err.println("usage: engine | engine-down | up | down | run COMMAND...");
        yield 1;
      }
    };
  }

  private Optional<DockerEngine> running() throws IOException {
    if (!lasting.isRunning()) {
      return DockerEngine.running();
    }
    return DockerEngine.at(host());
  }

  private String host() throws IOException {
    return lasting.words().strip().replace("export DOCKER_HOST=", "");
  }

  private boolean engine() throws IOException, InterruptedException {
    Optional<DockerEngine> other = DockerEngine.running();
    if (other.isPresent()) {
      System.out.println("export DOCKER_HOST=" + other.get().host());
      return true;
    }
    return lasting.start();
  }

  private int engineDown() throws IOException, InterruptedException {
    System.out.println(lasting.stop() ? "the engine is down" : "no engine of ours is up");
    return 0;
  }

  private int serveEngine() throws IOException, InterruptedException {
    DockerEngine engine = DockerEngine.start(data, root.resolve("src/harness/kind"));
    Runtime.getRuntime().addShutdownHook(new Thread(engine::close, "engine-down"));
    Background.serve(data, "export DOCKER_HOST=" + engine.host() + "\n");
    return 0;
  }

  private int up() throws IOException, InterruptedException {
    if (!engine()) {
      return 1;
    }
    DockerEngine engine = running().orElseThrow(() -> new IllegalStateException("no engine"));
    KindCluster cluster = KindCluster.open(KindCluster.LASTING, engine, root, folder);
    var strata = new KindStrata(cluster, root);
    strata.load();
    strata.install();
    System.out.printf(
        "cluster is up%nexport KUBECONFIG=%s%n# pools go into the namespace %s%n",
        cluster.kubeconfig(), KindStrata.AGENTS);
    return 0;
  }

  private int down() throws IOException, InterruptedException {
    Optional<DockerEngine> engine = running();
    if (engine.isEmpty()) {
      System.out.println("nothing is up");
      return 0;
    }
    KindCluster.delete(engine.get());
    return engineDown();
  }

  private int run(String... command) throws IOException, InterruptedException {
    Optional<DockerEngine> other = running();
    DockerEngine engine =
        other.isPresent()
            ? other.get()
            : DockerEngine.start(data, root.resolve("src/harness/kind"));
    Thread last = new Thread(engine::close, "engine-down");
    Runtime.getRuntime().addShutdownHook(last);
    ProcessBuilder builder = new ProcessBuilder(Arrays.asList(command)).inheritIO();
    builder.environment().putAll(engine.environment());
    return builder.start().waitFor();
  }
}

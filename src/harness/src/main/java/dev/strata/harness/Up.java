package dev.strata.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * A cluster that stays: {@code up} starts it in the background and returns when it is of use,
 * {@code down} ends it. What it needs to find it again is in the folder .strata of the project.
 */
public final class Up {
  private static final Duration START_LIMIT = Duration.ofMinutes(30);

  private final Path folder;
  private final Background background;

  Up(Path root) {
    folder = root.resolve(".strata");
    background = new Background(folder, Up.class, "serve", START_LIMIT);
  }

  /**
   * The command line.
   *
   * @param arguments {@code up}, {@code down}, or {@code serve}: what up starts in the background
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    ClusterSpec spec = ClusterSpec.standard();
    Up up = new Up(spec.root());
    String verb = arguments.length == 1 ? arguments[0] : "";
    boolean done =
        switch (verb) {
          case "up" -> up.up();
          case "down" -> up.down();
          case "serve" -> up.serve(spec);
          default -> {
            System.err.println("usage: up | down");
            yield false;
          }
        };
    System.exit(done ? 0 : 1);
  }

  private boolean up() throws IOException, InterruptedException {
    if (!background.isRunning()) {
      removeLogsOfEarlierRuns();
    }
    return background.start();
  }

  private void removeLogsOfEarlierRuns() throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.getFileName().toString().startsWith("cp-"))
          .forEach(FileTree::remove);
    }
  }

  private boolean serve(ClusterSpec spec) throws IOException, InterruptedException {
    ControlPlaneSpec lasting = ControlPlaneSpec.of(Tier.T2).withParent(folder).withLogsKept();
    Cluster cluster = Cluster.start(spec.withControlPlane(lasting));
    Background.serve(
        folder,
        """
        cluster is up
        export KUBECONFIG=%s
        # logs: %s
        # kubectl of the same version: %s
        # pools go into the namespace %s
        """
            .formatted(
                cluster.kubeconfig(),
                cluster.logs(),
                cluster.controlPlane().binaries().resolve("kubectl"),
                cluster.namespace()));
    return true;
  }

  private boolean down() throws IOException, InterruptedException {
    System.out.println(background.stop() ? "it is down" : "nothing is up");
    return true;
  }
}

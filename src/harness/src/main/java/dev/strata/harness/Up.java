package dev.strata.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A cluster that stays: {@code up} starts it in the background and returns when it is of use,
 * {@code down} ends it. What it needs to find it again is in the folder .strata of the project.
 */
public final class Up {
  private static final String READY = "cluster is up";
  private static final Duration START_LIMIT = Duration.ofMinutes(30);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private final Path folder;

  Up(Path root) {
    folder = root.resolve(".strata");
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
    Files.createDirectories(folder);
    if (running().isPresent()) {
      System.out.println("it is up already");
      System.out.print(Files.readString(folder.resolve("ready")));
      return true;
    }
    Path log = folder.resolve("up.log");
    Files.deleteIfExists(folder.resolve("ready"));
    Files.deleteIfExists(log);
    removeLogsOfEarlierRuns();
    List<String> command = new ArrayList<>();
    command.add("setsid");
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("-"))
            .toList());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Up.class.getName(), "serve"));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Files.writeString(folder.resolve("up.pid"), Long.toString(process.pid()));
    return follow(process, log);
  }

  private void removeLogsOfEarlierRuns() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (folder.relativize(file).toString().startsWith("cp-")) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Shows the log while it starts. */
  private boolean follow(Process process, Path log) throws IOException, InterruptedException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    int shown = 0;
    while (System.nanoTime() < end) {
      boolean alive = process.isAlive();
      String text = Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
      System.out.print(text.substring(Math.min(shown, text.length())));
      System.out.flush();
      shown = text.length();
      if (Files.exists(folder.resolve("ready")) && text.contains(READY)) {
        return true;
      }
      if (!alive) {
        System.err.println("it did not start; see " + log);
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    process.destroyForcibly();
    System.err.println("it did not start within " + START_LIMIT.toMinutes() + " minutes");
    return false;
  }

  private boolean serve(ClusterSpec spec) throws IOException, InterruptedException {
    ControlPlaneSpec lasting = ControlPlaneSpec.of(Tier.T2).withParent(folder).withLogsKept();
    Cluster cluster = Cluster.start(spec.withControlPlane(lasting));
    String lines =
        """
          export KUBECONFIG=%s
          # logs: %s
          # kubectl of the same version: %s
          # pools go into the namespace %s
          """
            .formatted(
                cluster.kubeconfig(),
                cluster.logs(),
                cluster.controlPlane().binaries().resolve("kubectl"),
                cluster.namespace());
    Files.writeString(folder.resolve("ready"), lines);
    System.out.println(READY + "\n" + lines);
    System.out.flush();
    new CountDownLatch(1).await(); // SIGTERM ends it, and the cluster ends with the JVM
    return true;
  }

  private boolean down() throws IOException, InterruptedException {
    Optional<ProcessHandle> process = running();
    if (process.isEmpty()) {
      System.out.println("nothing is up");
      return true;
    }
    process.get().destroy();
    long end = System.nanoTime() + STOP_LIMIT.toNanos();
    while (process.get().isAlive()) {
      if (System.nanoTime() > end) {
        process.get().destroyForcibly(); // its reaper ends the rest
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    Files.deleteIfExists(folder.resolve("up.pid"));
    Files.deleteIfExists(folder.resolve("ready"));
    System.out.println("it is down");
    return true;
  }

  /** The background process, if the recorded id is still ours. */
  private Optional<ProcessHandle> running() throws IOException {
    Path file = folder.resolve("up.pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    long pid = Long.parseLong(Files.readString(file).strip());
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(Up::isOurs);
  }

  /** The JDK cuts a command line off at one page, and a class path is longer. */
  private static boolean isOurs(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
          .contains(Up.class.getName() + "\0serve");
    } catch (IOException e) {
      return false; // it has ended meanwhile
    }
  }
}

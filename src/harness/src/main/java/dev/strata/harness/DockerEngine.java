package dev.strata.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Docker engine: the one that answers already, or, as root on Debian, one of ours with a data
 * folder of its own. Ours ends with this JVM in any case, and all containers with it: it is the
 * first process of a process namespace. What it and the nodes' kubelets change in the kernel's
 * settings is put back by {@link #close}.
 */
public final class DockerEngine implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(60);
  private static final Duration PACKAGES = Duration.ofMinutes(10);
  private static final List<String> NEEDED =
      List.of("dockerd", "containerd", "runc", "debootstrap", "iptables", "jq");

  /** The engine, its bridge and the kubelets write these. */
  private static final List<String> SETTINGS =
      List.of(
          "net/ipv4/ip_forward",
          "vm/overcommit_memory",
          "kernel/panic",
          "kernel/panic_on_oops",
          "fs/inotify/max_user_instances",
          "fs/inotify/max_user_watches");

  private static final String CAPABILITIES = "CapBnd:";
  private static final int SYS_RESOURCE = 24;

  private final String host;
  private final @Nullable Own own;

  /** What belongs to an engine of ours. */
  private record Own(Path folder, Reaper reaper, Child daemon) {}

  private DockerEngine(String host, @Nullable Own own) {
    this.host = host;
    this.own = own;
  }

  /** The engine that {@code DOCKER_HOST} names, or the usual one, if it answers. */
  public static Optional<DockerEngine> running() {
    String named = System.getenv("DOCKER_HOST");
    return at(named == null || named.isBlank() ? "unix:///var/run/docker.sock" : named);
  }

  /** The engine at that address, if it answers. */
  public static Optional<DockerEngine> at(String host) {
    return answers(host) ? Optional.of(new DockerEngine(host, null)) : Optional.empty();
  }

  private static boolean answers(String host) {
    return Command.of(List.of("docker", "version"))
        .with(Map.of("DOCKER_HOST", host))
        .within(ANSWER)
        .succeeds();
  }

  /**
   * Starts one of ours; installs Debian's packages for it when they are missing.
   *
   * @param folder for its data, which stays, and its socket; the socket's path has at most 108
   *     letters
   * @param files folder with the wrapper of the runtime, src/harness/kind
   * @throws IllegalStateException with what is missing, when there can be none on this machine
   */
  public static DockerEngine start(Path folder, Path files) {
    Path run = folder.resolve("run");
    try {
      installPackages();
      // What another JVM left that was killed.
      FileTree.remove(run);
      Files.createDirectories(run);
      saveSettings(folder);
      Reaper reaper = new Reaper(run.resolve("reaper"), run);
      Path socket = run.resolve("docker.sock");
      Child daemon =
          Child.start(
              "dockerd",
              command(folder, run, socket, files),
              null,
              folder,
              folder.resolve("dockerd.log"),
              reaper);
      var engine = new DockerEngine("unix://" + socket, new Own(folder, reaper, daemon));
      try {
        Limits.await(
            START,
            Duration.ofMillis(200),
            () -> !daemon.isAlive() || answers(engine.host),
            () -> "dockerd does not answer: " + daemon.logTail(5));
        if (!daemon.isAlive()) {
          throw new IllegalStateException("dockerd ended: " + daemon.logTail(5));
        }
      } catch (IllegalStateException e) {
        engine.close();
        throw e;
      }
      return engine;
    } catch (IOException e) {
      throw new UncheckedIOException("no Docker engine can be started in " + folder, e);
    }
  }

  private static void installPackages() {
    boolean there =
        NEEDED.stream()
            .allMatch(p -> Command.of(List.of("sh", "-c", "command -v " + p)).succeeds());
    if (there) {
      return;
    }
    if (!Files.isExecutable(Path.of("/usr/bin/apt-get"))
        || !"root".equals(System.getProperty("user.name"))) {
      throw new IllegalStateException(
          "no Docker engine answers, and one can be set up only as root on Debian; start one and"
              + " set DOCKER_HOST if it is not the usual one");
    }
    System.err.println("engine: installing Debian's packages docker.io, debootstrap, iptables, jq");
    Command.of(List.of("apt-get", "-qq", "update")).within(PACKAGES).run();
    Command.of(
            List.of(
                "apt-get",
                "-qq",
                "install",
                "-y",
                "--no-install-recommends",
                "docker.io",
                "debootstrap",
                "iptables",
                "jq"))
        .with(Map.of("DEBIAN_FRONTEND", "noninteractive"))
        .within(PACKAGES)
        .run();
  }

  /** unshare ends with its child's status, and its death ends all that is in the namespace. */
  private static List<String> command(Path folder, Path run, Path socket, Path files)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--pid",
                "--fork",
                "--mount-proc",
                "--kill-child",
                "dockerd",
                "--host=unix://" + socket,
                "--data-root=" + folder.resolve("data"),
                "--exec-root=" + run.resolve("exec"),
                "--pidfile=" + run.resolve("docker.pid"),
                "--log-level=warn"));
    if (lacksResource()) {
      Path wrapper = folder.resolve("runtime-without-resource");
      Files.copy(
          files.resolve("runtime-without-resource"),
          wrapper,
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.COPY_ATTRIBUTES);
      command.add("--add-runtime=without-resource=" + wrapper);
      command.add("--default-runtime=without-resource");
    }
    return command;
  }

  private static boolean lacksResource() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(CAPABILITIES))
        .map(line -> Long.parseUnsignedLong(line.substring(CAPABILITIES.length()).strip(), 16))
        .anyMatch(bounding -> (bounding >> SYS_RESOURCE & 1) == 0);
  }

  /** Those of an engine that ended badly count, and not what it left. */
  private static void saveSettings(Path folder) throws IOException {
    Path saved = folder.resolve("settings");
    if (!Files.exists(saved)) {
      List<String> lines = new ArrayList<>();
      for (String setting : SETTINGS) {
        lines.add(setting + " " + setting(setting));
      }
      Files.write(saved, lines);
    }
    // A node watches many files, and the usual limit is for one user of one machine.
    Files.writeString(Path.of("/proc/sys/fs/inotify/max_user_instances"), "1024");
    Files.writeString(Path.of("/proc/sys/fs/inotify/max_user_watches"), "524288");
  }

  /** In one read: the kernel gives the rest of a setting to nobody who comes back for it. */
  private static String setting(String name) throws IOException {
    try (InputStream in = Files.newInputStream(Path.of("/proc/sys", name))) {
      byte[] value = new byte[64];
      return new String(value, 0, Math.max(0, in.read(value)), StandardCharsets.US_ASCII).strip();
    }
  }

  private static void restoreSettings(Path folder) throws IOException {
    Path saved = folder.resolve("settings");
    for (String line : Files.readAllLines(saved)) {
      String[] words = line.split(" ", 2);
      Files.writeString(Path.of("/proc/sys", words[0]), words[1]);
    }
    Files.delete(saved);
  }

  /** Its address, for {@code DOCKER_HOST}. */
  public String host() {
    return host;
  }

  /** Whether it is ours. */
  public boolean isOwn() {
    return own != null;
  }

  /** Runs the docker program against it. */
  public String docker(String... arguments) {
    return docker(List.of(arguments)).run();
  }

  /** The docker program against it, to be run. */
  public Command docker(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(arguments);
    return Command.of(command).with(environment());
  }

  /** What programs need to find it. */
  public Map<String, String> environment() {
    return Map.of("DOCKER_HOST", host);
  }

  /** Ends ours with all its containers and networks; another one is left alone. */
  @Override
  public void close() {
    if (own == null) {
      return;
    }
    if (own.daemon().isAlive()) {
      removeContainersAndNetworks();
    }
    // unshare itself does not listen: its child is the daemon.
    ProcessHandle.of(own.daemon().pid())
        .ifPresent(unshare -> unshare.children().forEach(ProcessHandle::destroy));
    if (!own.daemon().await(STOP)) {
      own.daemon().kill();
    }
    own.reaper().close();
    // A network cannot be removed by an engine that is gone: the bridge would stay.
    Command.of(List.of("ip", "link", "delete", "docker0")).succeeds();
    try {
      restoreSettings(own.folder());
    } catch (IOException e) {
      throw new UncheckedIOException("the kernel's settings cannot be put back", e);
    }
  }

  private void removeContainersAndNetworks() {
    List<String> containers = lines(docker("ps", "--all", "--quiet"));
    if (!containers.isEmpty()) {
      List<String> remove = new ArrayList<>(List.of("rm", "--force", "--volumes"));
      remove.addAll(containers);
      docker(remove).succeeds();
    }
    docker(List.of("network", "prune", "--force")).succeeds();
  }

  private static List<String> lines(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }
}

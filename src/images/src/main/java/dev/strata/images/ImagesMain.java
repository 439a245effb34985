package dev.strata.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes the images of agent and operator from what the build has left: {@code
 * agent-image/target/image} and {@code operator/target/quarkus-app}, and one of the NATS server.
 * Prints name, digest and size.
 *
 * <p>Arguments: the project's root, the folder for the archives, the program nats-server.
 */
public final class ImagesMain {
  private static final String VERSION = "0.1.0";
  private static final String NATS = "2.15.3";
  private static final String HOME = "/opt/strata";

  /** What Quarkus, the Kubernetes client and jnats use. */
  private static final String OPERATOR_MODULES =
      "java.base,java.compiler,java.instrument,java.logging,java.management,java.naming,java.net.http,"
          + "java.rmi,java.security.jgss,java.security.sasl,java.sql,java.transaction.xa,java.xml,"
          + "jdk.jfr,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs";

  private static final List<String> OPERATOR_FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:MaxRAMPercentage=60",
          "-XX:-UsePerfData",
          "-XX:+ExitOnOutOfMemoryError",
          "--enable-native-access=ALL-UNNAMED",
          // Nothing is unpacked: the root of the container is read-only.
          "-Dorg.bouncycastle.native.cpu_variant=java");

  /** What an administrator runs beside the operator, within its limit, to make a NATS user. */
  private static final String NATS_USER =
      """
      -XX:+UseSerialGC
      -XX:TieredStopAtLevel=1
      -Xmx32m
      -Xss512k
      -XX:ReservedCodeCacheSize=16m
      --sun-misc-unsafe-memory-access=allow
      -Djava.util.logging.manager=org.jboss.logmanager.LogManager
      -Dorg.bouncycastle.native.cpu_variant=java
      -cp
      %1$s/app/*:%1$s/lib/main/*:%1$s/lib/boot/*
      dev.strata.operator.NatsUser
      """;

  /** One pool of native memory for all threads: an agent's are few and seldom allocate at once. */
  private static final Map<String, String> AGENT_ENVIRONMENT = Map.of("MALLOC_ARENA_MAX", "1");

  private final Path root;
  private final Path out;
  private final Path work;

  private ImagesMain(Path root, Path out) throws IOException {
    this.root = root;
    this.out = Files.createDirectories(out).toRealPath();
    this.work = Files.createDirectories(this.out.resolve("work"));
  }

  /** Makes them. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var images = new ImagesMain(Path.of(arguments[0]).toRealPath(), Path.of(arguments[1]));
    images.agent();
    images.operator();
    images.nats(Path.of(arguments[2]));
  }

  private void agent() throws IOException, InterruptedException {
    Path image = root.resolve("agent-image/target/image");
    Path cache = only(image, "agent-*.aot");
    Path empty = Files.createDirectories(work.resolve("empty"));
    String digest =
        new Image("strata/agent:" + VERSION)
            .libraries(CLibrary.of(image.resolve("runtime")))
            .folder("runtime", image.resolve("runtime"), HOME + "/runtime")
            .folder("jars", image.resolve("lib"), HOME + "/lib")
            .file("arguments", image.resolve("agent.args"), HOME + "/agent.args")
            .file("cache", cache, HOME + "/" + cache.getFileName())
            .writable(empty, "/tmp")
            .write(
                out.resolve("agent.tar"),
                List.of(HOME + "/runtime/bin/java", "@" + HOME + "/agent.args"),
                AGENT_ENVIRONMENT,
                work.resolve("layers"));
    say("strata/agent:" + VERSION, digest, out.resolve("agent.tar"));
  }

  private void operator() throws IOException, InterruptedException {
    Path runtime = runtime();
    Path app = root.resolve("operator/target/quarkus-app");
    String home = HOME + "/operator";
    Path natsUser = Files.writeString(work.resolve("nats-user.args"), NATS_USER.formatted(home));
    Path empty = Files.createDirectories(work.resolve("empty"));
    List<String> entrypoint =
        Stream.of(
                Stream.of(HOME + "/runtime/bin/java"),
                OPERATOR_FLAGS.stream(),
                Stream.of("-jar", home + "/quarkus-run.jar"))
            .flatMap(part -> part)
            .toList();
    String digest =
        new Image("strata/operator:" + VERSION)
            .libraries(CLibrary.of(runtime))
            .folder("runtime", runtime, HOME + "/runtime")
            .folder("libraries", app.resolve("lib"), home + "/lib")
            .folder("application", app.resolve("app"), home + "/app")
            .file("nats-user", natsUser, HOME + "/nats-user.args")
            .file("start", app.resolve("quarkus-run.jar"), home + "/quarkus-run.jar")
            // Alone: Quarkus numbers some names in it as its threads come.
            .folder("quarkus", app.resolve("quarkus"), home + "/quarkus")
            .writable(empty, "/tmp")
            .write(out.resolve("operator.tar"), entrypoint, Map.of(), work.resolve("layers"));
    say("strata/operator:" + VERSION, digest, out.resolve("operator.tar"));
  }

  /** For clusters that reach no registry; others take the project's own image. */
  private void nats(Path program) throws IOException, InterruptedException {
    String digest =
        new Image("strata/nats:" + NATS)
            .program("server", program, "/usr/local/bin/nats-server")
            .write(
                out.resolve("nats.tar"),
                List.of("/usr/local/bin/nats-server"),
                Map.of("PATH", "/usr/local/bin"),
                work.resolve("layers"));
    say("strata/nats:" + NATS, digest, out.resolve("nats.tar"));
  }

  private Path runtime() throws IOException, InterruptedException {
    Path runtime = work.resolve("operator-runtime");
    Path stamp = work.resolve("operator-runtime.made-from");
    Path jdk = Path.of(System.getProperty("java.home"));
    String from = Files.readString(jdk.resolve("release")) + OPERATOR_MODULES;
    if (Files.exists(stamp) && Files.readString(stamp).equals(from)) {
      return runtime;
    }
    remove(runtime);
    Process jlink =
        new ProcessBuilder(
                jdk.resolve("bin/jlink").toString(),
                "--add-modules",
                OPERATOR_MODULES,
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--output",
                runtime.toString())
            .inheritIO()
            .start();
    if (jlink.waitFor() != 0) {
      throw new IOException("jlink failed; its message is above");
    }
    Files.writeString(stamp, from);
    return runtime;
  }

  private static Path only(Path folder, String pattern) throws IOException {
    try (var files = Files.newDirectoryStream(folder, pattern)) {
      for (Path file : files) {
        return file;
      }
    }
    throw new IOException("there is no " + pattern + " in " + folder + "; build it: make build");
  }

  private static void remove(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("SystemOut") // this is a step of the build: it says what it did
  private static void say(String name, String digest, Path archive) throws IOException {
    System.out.printf(
        "%-24s %s  %.1f MB compressed%n", name, digest, Files.size(archive) / 1_000_000.0);
  }
}

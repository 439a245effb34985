package dev.strata.agent.image;

import dev.strata.agent.BuildCheck;
import dev.strata.protocol.nats.NatsServer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the folder that agents run from: a runtime with the few modules they need, their jars, a
 * launcher, and an ahead-of-time cache recorded in a training run. What has not changed is kept.
 *
 * <p>Arguments: the folder to make, the launcher's template, the class path of the runtime.
 */
public final class ImageBuild {
  /**
   * What we use ourselves. Others would be a third of the runtime; a handler that needs one, such
   * as java.xml, brings an image with a runtime of its own.
   */
  private static final String MODULES =
      "java.base,java.logging,java.management,java.net.http,jdk.httpserver,jdk.net,jdk.unsupported";

  /**
   * What agents never use: tools, what other runtimes read, and sorting by wide registers, which
   * costs each agent its pages.
   */
  private static final String UNUSED =
      "/java.base/lib/jrt-fs.jar,/java.base/lib/classlist,/java.base/lib/jexec,"
          + "/java.base/lib/libjsig.so,/java.base/lib/server/libjsig.so,"
          + "/java.base/lib/libsimdsort.so,/java.base/bin/keytool,/jdk.httpserver/bin/jwebserver";

  /**
   * Likewise in the modules: translations of what tools say; a module's packages have to stay. So
   * do texts of licences, and what a handler may come to: charsets, names of characters, the list
   * of public suffixes.
   */
  private static final String TRANSLATIONS =
      "/java.base/sun/security/tools/keytool/resources/keytool_*,/java.base/sun/launcher/resources/launcher_*,"
          + "/java.base/sun/security/util/resources/*_*,"
          + "/java.logging/sun/util/logging/resources/logging_*,"
          + "/jdk.httpserver/sun/net/httpserver/simpleserver/resources/simpleserver_*";

  /** Measured by {@link Footprint}: 51 MiB resident and 29 MiB proportional, ten on a node. */
  static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          // What is young lives for a task: more room for it is more pages and no more tasks a
          // second.
          "-Xms5m",
          "-Xmn1536k",
          "-Xmx32m",
          "-Xss256k",
          "-XX:TieredStopAtLevel=1",
          "-XX:ReservedCodeCacheSize=16m",
          "-XX:MaxMetaspaceSize=48m",
          "-XX:+UseCompactObjectHeaders",
          "-XX:-UsePerfData",
          "-XX:+ExitOnOutOfMemoryError",
          // The cache mapped where it was recorded needs no relocation: 11 MiB of each agent's own
          // pages less. A random place for class metadata is not what protects an agent.
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:ArchiveRelocationMode=0",
          // Profiles are for C2, which is off; without a thread that looks for some at each start a
          // tenth of its CPU is saved.
          "-XX:-AOTRecordTraining",
          "-XX:-AOTReplayTraining",
          // At a start the compiler is one more thread that wants a core: it leaves most methods
          // for later, and has those early on which the first signature spends its time.
          "-XX:CompileThresholdScaling=10",
          "-XX:CompileCommand=quiet",
          "-XX:CompileCommand=CompileThresholdScaling,sun.security.util.math.intpoly.*::*,0.1",
          // For 20,000 classes else; an agent's are in the cache, with tables of their own: 0.7
          // MiB.
          "-XX:+UnlockExperimentalVMOptions",
          "-XX:StringTableSize=1024",
          "-XX:SymbolTableSize=2048",
          // What the compiler freed goes back to the kernel: 4 MiB.
          "-XX:TrimNativeHeapInterval=2000",
          // Else each record that is read and each field that is written makes classes at run
          // time, in the first milliseconds: a fifth of the time to the first heartbeat.
          "-Djdk.reflect.useNativeAccessorOnly=true",
          "-Djava.security.egd=file:/dev/urandom",
          "-Djdk.httpserver.maxConnections=1024",
          "-Dsun.net.httpserver.maxReqTime=30",
          "-Dsun.net.httpserver.nodelay=true");

  /**
   * When every file of a container image was changed: jib says so of all. A JVM compares the times
   * of the jars with those that it saw when it recorded the cache; 25.0.3 fails to, later ones do
   * not.
   */
  static final FileTime THEN = FileTime.fromMillis(1000);

  /** Where all of it lies in a container image. */
  private static final String IN_CONTAINER = "/opt/strata";

  private final Path image;
  private final Path template;
  private final List<Path> classPath;
  private final Path jdk = Path.of(System.getProperty("java.home"));

  private ImageBuild(Path image, Path template, List<Path> classPath) {
    this.image = image;
    this.template = template;
    this.classPath = classPath;
  }

  public static void main(String[] arguments) throws Exception {
    List<Path> classPath =
        Arrays.stream(arguments[2].split(File.pathSeparator)).map(Path::of).toList();
    new ImageBuild(Path.of(arguments[0]), Path.of(arguments[1]), classPath).build();
  }

  @SuppressWarnings("SystemOut") // this is a step of the build: it says what it does
  private void build() throws IOException, InterruptedException {
    Files.createDirectories(image.resolve("lib"));
    Files.createDirectories(image.resolve("bin"));
    Files.createDirectories(image.resolve("handlers"));
    boolean server = NatsServer.binary().isPresent();
    List<Path> jars = new LibFolder(image.resolve("lib"), classPath).fill();
    for (Path jar : jars) {
      Files.setLastModifiedTime(jar, THEN);
    }
    String list = BuildCheck.list(jars);
    Files.writeString(image.resolve("lib/BUILD"), list);
    String release = Files.readString(jdk.resolve("release"));
    String launcher = Files.readString(template);
    String hash =
        hash(
            list,
            release,
            MODULES,
            UNUSED,
            TRANSLATIONS,
            FLAGS.toString(),
            launcher,
            "nats " + server,
            THEN.toString());
    Path cache = image.resolve("agent-" + hash + ".aot");
    arguments(jars, hash, cache);
    if (Files.exists(cache)) {
      System.out.println("agent image is up to date: " + cache.getFileName());
      return;
    }
    runtime(release);
    launcher(launcher, jars, hash, cache);
    removeOldCaches();
    System.out.println(
        "recording " + cache.getFileName() + (server ? "" : " without a NATS server"));
    new Training(image, jars, FLAGS, cache).run();
    System.out.println("agent image is made: " + Files.size(cache) / 1024 + " KiB of cache");
  }

  private void runtime(String release) throws IOException, InterruptedException {
    Path runtime = image.resolve("runtime");
    Path stamp = runtime.resolve("made-from");
    String from = release + MODULES + UNUSED + TRANSLATIONS;
    if (Files.exists(stamp) && Files.readString(stamp).equals(from)) {
      return;
    }
    removeFolder(runtime);
    Process jlink =
        new ProcessBuilder(
                jdk.resolve("bin/jlink").toString(),
                "--add-modules",
                MODULES,
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--exclude-files",
                UNUSED,
                "--exclude-resources",
                TRANSLATIONS,
                "--output",
                runtime.toString())
            .inheritIO()
            .start();
    if (jlink.waitFor() != 0) {
      throw new IOException("jlink failed; its message is above");
    }
    strip(runtime.resolve("lib/server/libjvm.so"));
    Files.setLastModifiedTime(runtime.resolve("lib/modules"), THEN);
    Files.writeString(stamp, from);
  }

  /** Five of thirty megabytes are names that only a debugger reads. */
  @SuppressWarnings("SystemOut") // this is a step of the build: it says what it does
  private static void strip(Path library) throws InterruptedException {
    try {
      int status =
          new ProcessBuilder("strip", "--strip-unneeded", library.toString())
              .inheritIO()
              .start()
              .waitFor();
      System.out.println(status == 0 ? "stripped libjvm.so" : "libjvm.so stays as it is");
    } catch (IOException e) {
      System.out.println("libjvm.so stays as it is: the program strip (binutils) is missing");
    }
  }

  private void launcher(String template, List<Path> jars, String hash, Path cache)
      throws IOException {
    String path =
        jars.stream().map(jar -> "$home/lib/" + jar.getFileName()).collect(Collectors.joining(":"));
    Path script = image.resolve("bin/agent");
    Files.writeString(
        script,
        template
            .replace("@CLASS_PATH@", path)
            .replace(
                "@FLAGS@",
                FLAGS.stream()
                    .map(flag -> flag.contains("*") ? "'" + flag + "'" : flag)
                    .collect(Collectors.joining(" ")))
            .replace("@CACHE@", String.valueOf(cache.getFileName()))
            .replace("@HASH@", hash));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /**
   * What the launcher passes to java, for an image that has no shell to run a launcher in. Further
   * options of the JVM come in its own JDK_JAVA_OPTIONS.
   */
  private void arguments(List<Path> jars, String hash, Path cache) throws IOException {
    String path =
        Stream.concat(
                jars.stream().map(jar -> IN_CONTAINER + "/lib/" + jar.getFileName()),
                Stream.of(IN_CONTAINER + "/handlers/*"))
            .collect(Collectors.joining(":"));
    String cached = IN_CONTAINER + "/" + cache.getFileName();
    Files.writeString(
        image.resolve("agent.args"),
        String.join("\n", FLAGS)
            + """

            -XX:AOTCache=%s
            -Dstrata.cache=%s
            -Dstrata.build=%s
            -Dstrata.lib=%s/lib
            -cp
            %s
            dev.strata.agent.AgentMain
            """
                .formatted(cached, cached, hash, IN_CONTAINER, path));
  }

  private void removeOldCaches() throws IOException {
    try (Stream<Path> files = Files.list(image)) {
      for (Path file : files.filter(f -> f.toString().contains(".aot")).toList()) {
        Files.delete(file);
      }
    }
  }

  static void removeFolder(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static String hash(String... parts) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Copies a file unless it is there already with the same bytes. */
  static void copy(Path from, Path to) throws IOException {
    if (!Files.exists(to) || Files.mismatch(from, to) >= 0) {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}

package dev.strata.agent.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The jars of the image: those of the class path, and folders of classes made into jars whose bytes
 * depend on nothing but the classes.
 */
final class LibFolder {
  private static final LocalDateTime THEN = LocalDateTime.of(2026, 1, 1, 0, 0);

  /**
   * First on the class path: it looks for its version among the resources when it connects, and
   * every jar before it would be opened for that.
   */
  private static final String NATS = "jnats-";

  private final Path lib;
  private final List<Path> classPath;

  LibFolder(Path lib, List<Path> classPath) {
    this.lib = lib;
    this.classPath = classPath;
  }

  /** Fills the folder; gives the jars in the order of the class path. */
  List<Path> fill() throws IOException {
    var jars = new ArrayList<Path>();
    for (Path entry : classPath) {
      Path classes = classes(entry);
      Path jar;
      if (Files.isDirectory(classes)) {
        jar = lib.resolve(module(classes) + ".jar");
        write(jar, jar(classes));
      } else {
        jar = lib.resolve(Objects.requireNonNull(entry.getFileName()));
        ImageBuild.copy(entry, jar);
      }
      jars.add(jar);
    }
    removeOthers(jars);
    jars.sort(Comparator.comparing(jar -> !jar.getFileName().toString().startsWith(NATS)));
    return jars;
  }

  /** A module of ours is taken from its classes whether it was packaged or not. */
  private static Path classes(Path entry) {
    Path sibling = entry.resolveSibling("classes");
    return entry.getFileName().toString().startsWith("strata-") && Files.isDirectory(sibling)
        ? sibling
        : entry;
  }

  /** MODULE/target/classes is called after its module. */
  private static String module(Path classes) {
    return "strata-" + classes.toAbsolutePath().getParent().getParent().getFileName();
  }

  private static byte[] jar(Path classes) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        var entry = new ZipEntry(classes.relativize(file).toString());
        entry.setTimeLocal(THEN);
        zip.putNextEntry(entry);
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    if (!Files.exists(file) || !java.util.Arrays.equals(Files.readAllBytes(file), bytes)) {
      Files.write(file, bytes);
    }
  }

  private void removeOthers(List<Path> jars) throws IOException {
    try (Stream<Path> files = Files.list(lib)) {
      for (Path file : files.toList()) {
        if (file.toString().endsWith(".jar") && !jars.contains(file)) {
          Files.delete(file);
        }
      }
    }
  }
}

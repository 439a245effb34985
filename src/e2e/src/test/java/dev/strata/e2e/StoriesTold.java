package dev.strata.e2e;

import dev.strata.harness.Cluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is left of a cluster on which stories were told, for the test that comes after all of them
 * in a JVM of its own: system property strata.stories names the folder, the build gives it a new
 * one for each run.
 *
 * @param classes whose stories they were
 * @param audit the API server's audit log
 * @param rights what the operator had there, see {@link OperatorRights}
 */
record StoriesTold(List<String> classes, Path audit, List<String> rights) {
  private static final String CLASSES = "classes";
  private static final String AUDIT = "audit.log";
  private static final String RIGHTS = "rights";

  /** Does nothing where no build asks for it. */
  static void keep(Set<String> classes, Cluster cluster) {
    String run = System.getProperty("strata.stories");
    if (run == null) {
      return;
    }
    Path folder = Path.of(run).resolve(String.valueOf(ProcessHandle.current().pid()));
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve(RIGHTS), OperatorRights.on(cluster));
      Files.copy(cluster.logs().resolve(AUDIT), folder.resolve(AUDIT));
      Files.write(folder.resolve(CLASSES), classes);
    } catch (IOException e) {
      throw new UncheckedIOException("what the operator did cannot be kept in " + folder, e);
    }
  }

  /** Of all JVMs of this run; empty where none told any. */
  static List<StoriesTold> all() {
    Path run = Path.of(System.getProperty("strata.stories", "none"));
    if (!Files.isDirectory(run)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(run)) {
      return folders.map(StoriesTold::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(run + " cannot be read", e);
    }
  }

  private static StoriesTold read(Path folder) {
    try {
      return new StoriesTold(
          Files.readAllLines(folder.resolve(CLASSES)),
          folder.resolve(AUDIT),
          Files.readAllLines(folder.resolve(RIGHTS)));
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be read", e);
    }
  }
}

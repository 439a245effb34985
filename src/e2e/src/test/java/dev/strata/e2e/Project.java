package dev.strata.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folders of the project. */
public final class Project {
  private Project() {}

  public static Path root() {
    return Path.of(System.getProperty("strata.root", "../..")).toAbsolutePath().normalize();
  }

  /** The files of a folder, by name. */
  public static List<Path> files(String folder) {
    try (Stream<Path> files = Files.list(root().resolve(folder))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

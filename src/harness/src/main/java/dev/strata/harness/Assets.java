package dev.strata.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The folder of programs: {@code STRATA_ASSETS}, else {@code strata/assets} in the user's cache
 * folder. What is missing or of another version comes from the first of: the folder {@code
 * KUBEBUILDER_ASSETS}, the official downloads, a build of the published Go modules (six minutes on
 * two cores for all). Two processes never fill it at the same time.
 */
public final class Assets {
  private static final Duration LOCK_LIMIT = Duration.ofMinutes(30);

  private final Path folder;
  private final @Nullable Path given;
  private final AssetProgress progress;

  /**
   * @param folder where the programs are
   * @param given a folder with ready programs to copy from, or null
   */
  public Assets(Path folder, @Nullable Path given) {
    this.folder = folder;
    this.given = given;
    progress = new AssetProgress(System.err);
  }

  /** The folder that the environment names. */
  public static Assets standard() {
    Map<String, String> environment = System.getenv();
    String own = environment.get("STRATA_ASSETS");
    String given = environment.get("KUBEBUILDER_ASSETS");
    return new Assets(
        own == null || own.isBlank() ? cache(environment).resolve("strata/assets") : Path.of(own),
        given == null || given.isBlank() ? null : Path.of(given));
  }

  private static Path cache(Map<String, String> environment) {
    String cache = environment.get("XDG_CACHE_HOME");
    return cache == null || cache.isBlank()
        ? Path.of(System.getProperty("user.home"), ".cache")
        : Path.of(cache);
  }

  /** The file of a program, whether or not it is there. */
  public Path path(String program) {
    return folder.resolve(program);
  }

  /**
   * Sees to it that these programs are there; can take minutes the first time and says what it does
   * on standard error.
   *
   * @return the folder
   * @throws MissingAssetException when one cannot be had
   */
  public Path require(List<String> programs) {
    List<Binary> missing = missing(programs);
    if (missing.isEmpty()) {
      return folder;
    }
    try {
      Files.createDirectories(folder);
      Path lockFile = folder.resolve(".lock");
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = lock(channel)) {
        if (lock.isValid()) {
          install(missing(programs));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the folder " + folder + " cannot be filled", e);
    }
    return folder;
  }

  private FileLock lock(FileChannel channel) throws IOException {
    FileLock[] got = new FileLock[1];
    IOException[] failure = new IOException[1];
    progress.step(
        "waiting for another process that fills " + folder,
        () ->
            Limits.await(
                LOCK_LIMIT,
                Duration.ofMillis(100),
                () -> {
                  try {
                    got[0] = channel.tryLock();
                  } catch (OverlappingFileLockException e) {
                    return false; // another thread of this JVM
                  } catch (IOException e) {
                    failure[0] = e;
                    return true;
                  }
                  return got[0] != null;
                },
                () -> "another process holds the lock of " + folder + " for half an hour"));
    if (failure[0] != null) {
      throw failure[0];
    }
    return got[0];
  }

  private List<Binary> missing(List<String> programs) {
    List<Binary> missing = new ArrayList<>();
    for (String program : programs) {
      Binary binary = Binary.named(program);
      if (!isThere(binary)) {
        missing.add(binary);
      }
    }
    return missing;
  }

  /** A marker beside the program spares us its slow version call at every start. */
  private boolean isThere(Binary binary) {
    Path file = path(binary.program());
    if (!Files.isExecutable(file)) {
      return false;
    }
    try {
      String expected = binary.version() + " " + Files.size(file);
      Path marker = path(binary.program() + ".version");
      if (Files.exists(marker) && Files.readString(marker).strip().equals(expected)) {
        return true;
      }
      if (!VersionCall.matches(file, binary)) {
        return false;
      }
      try {
        Files.writeString(marker, expected);
      } catch (IOException e) {
        return true; // a folder that we may only read: the version call is made every time
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void install(List<Binary> missing) throws IOException {
    AssetDownload download = new AssetDownload(folder);
    Path work = Files.createTempDirectory(folder, ".build-");
    try (AssetBuild build = new AssetBuild(work)) {
      for (Binary binary : missing) {
        progress.step(
            binary.program() + " " + binary.version(), () -> obtain(binary, download, build));
      }
    }
  }

  private void obtain(Binary binary, AssetDownload download, AssetBuild build) {
    List<String> tried = new ArrayList<>();
    try {
      Path found = copyGiven(binary);
      if (found == null) {
        found = download.fetch(binary, tried::add);
      }
      if (found == null) {
        tried.forEach(progress::say);
        progress.say("building " + binary.program() + " from the Go module " + binary.module());
        found = build.build(binary);
      }
      if (!VersionCall.matches(found, binary)) {
        throw new IOException("the new file does not say that it is version " + binary.version());
      }
      Files.move(
          found,
          path(binary.program()),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(
          path(binary.program() + ".version"),
          binary.version() + " " + Files.size(path(binary.program())));
    } catch (IOException e) {
      throw new MissingAssetException(
          "%s %s is not in %s and cannot be made: %s%s"
              .formatted(
                  binary.program(),
                  binary.version(),
                  folder,
                  e.getMessage(),
                  tried.isEmpty() ? "" : " (before that: " + String.join("; ", tried) + ")"),
          e);
    }
  }

  private @Nullable Path copyGiven(Binary binary) throws IOException {
    if (given == null) {
      return null;
    }
    Path source = given.resolve(binary.program());
    if (!Files.isExecutable(source) || !VersionCall.matches(source, binary)) {
      return null;
    }
    return Files.copy(
        source, path(binary.program() + ".part"), StandardCopyOption.REPLACE_EXISTING);
  }
}

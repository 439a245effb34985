package dev.strata.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * A container image made from nothing: no distribution below, no shell, no package manager. Files
 * have fixed times and owners and are added in the order of their names, so the same files give the
 * same digest.
 */
final class Image {
  /** As distroless images have it; what restricted pods run as. */
  static final String USER = "65532:65532";

  private static final FilePermissions PROGRAM = FilePermissions.fromOctalString("755");
  private static final FilePermissions FILE = FilePermissions.fromOctalString("644");
  private static final FilePermissions SHARED = FilePermissions.fromOctalString("777");

  private final String name;
  private final List<FileEntriesLayer> layers = new ArrayList<>();

  /**
   * @param name with its tag, such as strata/agent:0.1.0
   */
  Image(String name) {
    this.name = name;
  }

  /** A layer with single files at the places where they are on this machine, links followed. */
  Image libraries(Collection<Path> files) throws IOException {
    var layer = FileEntriesLayer.builder().setName("c-library");
    for (Path file : files) {
      layer.addEntry(file.toRealPath(), AbsoluteUnixPath.get(file.toString()), PROGRAM);
    }
    layers.add(layer.build());
    return this;
  }

  /** A layer with all files of a folder; hidden ones too. */
  Image folder(String layerName, Path folder, String to) throws IOException {
    var layer = FileEntriesLayer.builder().setName(layerName);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted().toList()) {
        AbsoluteUnixPath place =
            AbsoluteUnixPath.get(to).resolve(folder.relativize(file).toString());
        layer.addEntry(
            file, place, Files.isDirectory(file) || Files.isExecutable(file) ? PROGRAM : FILE);
      }
    }
    layers.add(layer.build());
    return this;
  }

  /** A layer with one file. */
  Image file(String layerName, Path file, String to) throws IOException {
    return file(layerName, file, to, FILE);
  }

  /** A layer with one file that can be run. */
  Image program(String layerName, Path file, String to) throws IOException {
    return file(layerName, file, to, PROGRAM);
  }

  private Image file(String layerName, Path file, String to, FilePermissions permissions)
      throws IOException {
    layers.add(
        FileEntriesLayer.builder()
            .setName(layerName)
            .addEntry(file, AbsoluteUnixPath.get(to), permissions)
            .build());
    return this;
  }

  /** A layer with an empty folder that everybody may write to, for where no volume is mounted. */
  Image writable(Path empty, String to) throws IOException {
    layers.add(
        FileEntriesLayer.builder()
            .setName("writable")
            .addEntry(empty, AbsoluteUnixPath.get(to), SHARED)
            .build());
    return this;
  }

  /** That of this machine, as images name it: runtime and C library come from here. */
  private static String architecture() {
    String name = System.getProperty("os.arch");
    return name.equals("aarch64") ? "arm64" : name;
  }

  /**
   * Writes the image as a tar archive that docker load, ctr and kind take.
   *
   * @return the digest of its manifest
   */
  String write(Path archive, List<String> entrypoint, Map<String, String> environment, Path cache)
      throws IOException, InterruptedException {
    JibContainerBuilder image =
        Jib.fromScratch()
            .setPlatforms(Set.of(new Platform(architecture(), "linux")))
            .setFileEntriesLayers(layers)
            .setEntrypoint(entrypoint)
            .setEnvironment(environment)
            .setUser(USER);
    try {
      JibContainer made =
          image.containerize(
              Containerizer.to(TarImage.at(archive).named(name))
                  .setOfflineMode(true)
                  .setToolName("strata")
                  .setBaseImageLayersCache(cache)
                  .setApplicationLayersCache(cache));
      return made.getDigest().toString();
    } catch (InvalidImageReferenceException e) {
      throw new IllegalArgumentException("no image can be named " + name, e);
    } catch (RegistryException | CacheDirectoryCreationException | ExecutionException e) {
      throw new IOException("the image " + name + " cannot be written to " + archive, e);
    }
  }
}

package dev.strata.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The shared libraries of the build machine that a Java runtime needs: the C library's few files.
 */
final class CLibrary {
  private static final Pattern LOADED = Pattern.compile("(?:=> )?(/[^ ]+) \\(0x");

  private CLibrary() {}

  /**
   * All libraries outside of the runtime that its programs and libraries load.
   *
   * @throws IOException when ldd is missing or names nothing
   */
  static Set<Path> of(Path runtime) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ldd", runtime.resolve("bin/java").toString()));
    try (Stream<Path> files = Files.walk(runtime.resolve("lib"))) {
      files
          .filter(f -> f.toString().endsWith(".so"))
          .map(Path::toString)
          .sorted()
          .forEach(command::add);
    }
    Process ldd = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    ldd.waitFor();
    Set<Path> libraries = new TreeSet<>();
    Matcher matcher = LOADED.matcher(said);
    while (matcher.find()) {
      Path library = Path.of(matcher.group(1));
      if (!library.startsWith(runtime)) {
        libraries.add(library);
      }
    }
    if (libraries.isEmpty()) {
      throw new IOException("ldd names no library of the C library:\n" + said);
    }
    return libraries;
  }
}

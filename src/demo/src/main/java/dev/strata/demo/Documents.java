package dev.strata.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The Markdown and YAML files below a folder, build output and hidden folders left out. */
record Documents(Path root, List<Path> files) {
  private static final Set<String> LEFT_OUT = Set.of("target", "node_modules", "build", "dist", "vendor");
  private static final int MOST_BYTES = 400_000;

  Documents {
    files = List.copyOf(files);
  }

  /**
   * Finds them.
   *
   * @throws IllegalArgumentException when there is no such folder, or nothing to check in it
   */
  static Documents below(Path root) {
    if (!Files.isDirectory(root)) {
      throw new IllegalArgumentException("DOCS=" + root + " is no folder; name one with Markdown or YAML files in it");
    }
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              String name = String.valueOf(folder.getFileName());
              boolean skipped = !folder.equals(root) && (name.startsWith(".") || LEFT_OUT.contains(name));
              return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile() && attributes.size() <= MOST_BYTES && isDocument(file)) {
                found.add(root.relativize(file));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + root, e);
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException("there is no .md, .yaml or .yml file below DOCS=" + root);
    }
    Collections.sort(found);
    return new Documents(root, found);
  }

  /** The text of one. */
  String text(Path file) {
    try {
      return new String(Files.readAllBytes(root.resolve(file)), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  static boolean isMarkdown(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".md");
  }

  private static boolean isDocument(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".md") || name.endsWith(".yaml") || name.endsWith(".yml");
  }
}

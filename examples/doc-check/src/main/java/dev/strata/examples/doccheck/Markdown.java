package dev.strata.examples.doccheck;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Links that lead nowhere and headings that skip a level. Code blocks and code spans are not looked
 * at.
 */
final class Markdown {
  private static final Pattern LINK =
      Pattern.compile("\\[[^\\]]*\\]\\(\\s*<?([^)\\s>]+)>?[^)]*\\)");
  private static final Pattern HEADING = Pattern.compile("^(#{1,6})\\s+(.*?)\\s*#*$");
  private static final Pattern FENCE = Pattern.compile("^\\s*(```|~~~)");
  private static final Pattern OUTSIDE = Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*:|//).*");

  private final Path root;
  private final String path;

  /**
   * A check of one document.
   *
   * @param root folder below which links are looked up
   * @param path the document, relative to it
   */
  Markdown(Path root, String path) {
    this.root = root;
    this.path = path;
  }

  List<Finding> check(String text) {
    List<String> lines = prose(text);
    Set<String> anchors = anchors(lines);
    List<Finding> findings = new ArrayList<>();
    int level = 0;
    for (int i = 0; i < lines.size(); i++) {
      Matcher heading = HEADING.matcher(lines.get(i));
      if (heading.matches()) {
        int next = heading.group(1).length();
        if (level > 0 && next > level + 1) {
          findings.add(
              new Finding(
                  i + 1,
                  "heading",
                  "level " + next + " follows level " + level + ": one is left out"));
        }
        level = next;
      }
      links(lines.get(i), i + 1, anchors, findings);
    }
    return findings;
  }

  private void links(String line, int number, Set<String> anchors, List<Finding> findings) {
    Matcher link = LINK.matcher(line);
    while (link.find()) {
      String target = link.group(1);
      if (target.startsWith("#")) {
        if (!anchors.contains(target.substring(1).toLowerCase(Locale.ROOT))) {
          findings.add(new Finding(number, "link", target + " is no heading of this document"));
        }
      } else if (!OUTSIDE.matcher(target).matches() && !exists(target)) {
        findings.add(new Finding(number, "link", target + " leads nowhere"));
      }
    }
  }

  private boolean exists(String target) {
    String file = target.replaceFirst("[#?].*$", "");
    if (file.isEmpty()) {
      return true;
    }
    Path document = root.resolve(path);
    Path folder = document.getParent() == null ? root : document.getParent();
    return Files.exists(
        file.startsWith("/") ? root.resolve(file.substring(1)) : folder.resolve(file).normalize());
  }

  /** The lines with code blanked out, so that line numbers stay. */
  private static List<String> prose(String text) {
    List<String> lines = new ArrayList<>();
    boolean code = false;
    for (String line : text.split("\n", -1)) {
      boolean fence = FENCE.matcher(line).find();
      lines.add(code || fence ? "" : line.replaceAll("`[^`]*`", ""));
      code ^= fence;
    }
    return lines;
  }

  /**
   * Anchors as the usual renderers make them: lower case, blanks to hyphens, punctuation left out.
   */
  private static Set<String> anchors(List<String> lines) {
    Set<String> anchors = new HashSet<>();
    for (String line : lines) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        anchors.add(
            heading
                .group(2)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'));
      }
    }
    return anchors;
  }
}

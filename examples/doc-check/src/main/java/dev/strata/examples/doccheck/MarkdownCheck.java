package dev.strata.examples.doccheck;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Links that lead nowhere and headings that skip a level, outside of code. */
final class MarkdownCheck {
  private static final Pattern FENCE = Pattern.compile("^ {0,3}(`{3,}|~{3,})(.*)$");
  private static final Pattern HEADING = Pattern.compile("^ {0,3}(#{1,6})\\s+(.*?)\\s*#*\\s*$");
  private static final Pattern CODE_SPAN = Pattern.compile("(`+)(?:(?!\\1).)+?\\1");
  private static final Pattern LINK =
      Pattern.compile("\\[[^\\]]*\\]\\(\\s*<?([^)\\s>]+)>?(?:\\s+[\"'][^\"']*[\"'])?\\s*\\)");
  private static final Pattern DEFINITION =
      Pattern.compile("^ {0,3}\\[[^\\]]+\\]:\\s*<?([^\\s>]+)>?");
  private static final Pattern ANCHOR =
      Pattern.compile("<\\w+[^>]*\\b(?:id|name)=[\"']([^\"']+)[\"']");
  private static final Pattern ELSEWHERE = Pattern.compile("^(?:[A-Za-z][A-Za-z0-9+.-]*:|//).*");

  private final String path;
  private final @Nullable Path root;

  MarkdownCheck(String path, @Nullable Path root) {
    this.path = path;
    this.root = root;
  }

  /** A line that is not code, with its code spans taken out. */
  private record Line(int number, String text, String plain) {}

  List<Finding> check(String text) {
    List<Line> lines = prose(text);
    Set<String> anchors = anchors(lines);
    var findings = new ArrayList<Finding>();
    int level = 0;
    for (Line line : lines) {
      Matcher heading = HEADING.matcher(line.text());
      if (heading.matches()) {
        int next = heading.group(1).length();
        if (level > 0 && next > level + 1) {
          findings.add(
              new Finding(
                  line.number(),
                  "HeadingOrder",
                  "a heading of level %d follows one of level %d".formatted(next, level)));
        }
        level = next;
      }
      links(line).forEach(target -> check(line, target, anchors, findings));
    }
    return findings;
  }

  private static List<Line> prose(String text) {
    var lines = new ArrayList<Line>();
    String fence = "";
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher matcher = FENCE.matcher(line);
      if (matcher.matches()) {
        String mark = matcher.group(1);
        if (fence.isEmpty()) {
          fence = mark;
        } else if (mark.startsWith(fence) && matcher.group(2).isBlank()) {
          fence = "";
        }
      } else if (fence.isEmpty()) {
        lines.add(new Line(number, line, CODE_SPAN.matcher(line).replaceAll("")));
      }
    }
    return lines;
  }

  private static List<String> links(Line line) {
    var targets = new ArrayList<String>();
    for (Matcher m = LINK.matcher(line.plain()); m.find(); ) {
      targets.add(m.group(1));
    }
    for (Matcher m = DEFINITION.matcher(line.plain()); m.find(); ) {
      targets.add(m.group(1));
    }
    return targets;
  }

  /** What GitHub makes of headings, and anchors written as HTML. */
  private static Set<String> anchors(List<Line> lines) {
    var anchors = new HashSet<String>();
    Map<String, Integer> seen = new HashMap<>();
    for (Line line : lines) {
      Matcher heading = HEADING.matcher(line.text());
      if (heading.matches()) {
        String slug = slug(heading.group(2));
        int count = seen.merge(slug, 1, Integer::sum);
        anchors.add(count == 1 ? slug : slug + "-" + (count - 1));
      }
      for (Matcher m = ANCHOR.matcher(line.text()); m.find(); ) {
        anchors.add(m.group(1).toLowerCase(Locale.ROOT));
      }
    }
    return anchors;
  }

  private static String slug(String heading) {
    String text = LINK.matcher(heading).replaceAll(match -> linkText(match.group()));
    return text.toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}\\s_-]", "")
        .strip()
        .replace(' ', '-');
  }

  private static String linkText(String link) {
    return Matcher.quoteReplacement(link.substring(1, link.indexOf(']')));
  }

  private void check(Line line, String target, Set<String> anchors, List<Finding> findings) {
    if (ELSEWHERE.matcher(target).matches()) {
      return;
    }
    if (target.startsWith("#")) {
      if (!anchors.contains(decoded(target.substring(1)).toLowerCase(Locale.ROOT))) {
        findings.add(
            new Finding(line.number(), "BrokenAnchor", "no heading of this file gives " + target));
      }
    } else if (!exists(decoded(target.replaceFirst("[#?].*$", "")))) {
      findings.add(new Finding(line.number(), "BrokenLink", "there is no file " + target));
    }
  }

  private static String decoded(String target) {
    try {
      return URLDecoder.decode(target.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return target;
    }
  }

  /** Whether the root has the file; without a root nothing can be said. */
  private boolean exists(String target) {
    if (root == null || target.isEmpty()) {
      return true;
    }
    try {
      Path file =
          target.startsWith("/")
              ? root.resolve(target.substring(1))
              : root.resolve(path).normalize().resolveSibling(target);
      return Files.exists(file.normalize());
    } catch (InvalidPathException e) {
      return false;
    }
  }
}

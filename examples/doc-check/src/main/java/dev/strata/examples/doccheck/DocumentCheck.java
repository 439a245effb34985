package dev.strata.examples.doccheck;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strata.agent.handler.HandlerFailure;
import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.handler.TaskInput;
import dev.strata.protocol.Messages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Checks one document a task.
 *
 * <p>Input: {@code {"path": "docs/flow.md", "text": "...", "root": "/folder"}}. The path is
 * relative to the root; without a root links to other files are not looked at; without a text the
 * file is read. Output: {@code {"path": "...", "findings": [{"line": 3, "kind": "BrokenLink",
 * "message": "..."}]}}.
 */
public final class DocumentCheck implements TaskHandler {
  @Override
  public String name() {
    return "doc-check";
  }

  @Override
  public String handle(TaskInput input) throws HandlerFailure, IOException {
    ObjectMapper json = Messages.mapper();
    JsonNode document = json.readTree(input.input());
    String path = document.path("path").asText();
    if (path.isEmpty()) {
      throw new HandlerFailure(
          "BadInput", "the field path is missing; write {\"path\": \"a.md\", \"text\": \"...\"}");
    }
    Path root = document.hasNonNull("root") ? Path.of(document.path("root").asText()) : null;
    List<Finding> findings = check(path, text(document, path, root), root);
    var output = json.createObjectNode().put("path", path);
    output.set("findings", json.valueToTree(findings));
    return output.toString();
  }

  private static String text(JsonNode document, String path, @Nullable Path root)
      throws HandlerFailure, IOException {
    if (document.hasNonNull("text")) {
      return document.path("text").asText();
    }
    if (root == null) {
      throw new HandlerFailure("BadInput", "neither text nor root is given for " + path);
    }
    return Files.readString(root.resolve(path));
  }

  private static List<Finding> check(String path, String text, @Nullable Path root) {
    String name = path.toLowerCase(Locale.ROOT);
    if (name.endsWith(".md") || name.endsWith(".markdown")) {
      return new MarkdownCheck(path, root).check(text);
    }
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return YamlCheck.check(path, text);
    }
    return List.of();
  }
}

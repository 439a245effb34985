package dev.strata.examples.doccheck;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.handler.TaskInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Checks one document. Input: {@code {"path": "docs/a.md", "root": "/folder", "text": "..."}};
 * output: {@code {"path": ..., "findings": [{"line": 3, "kind": "link", "message": "..."}]}}. Links
 * are looked up below the root.
 */
public final class DocumentCheck implements TaskHandler {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String name() {
    return "doc-check";
  }

  @Override
  public String handle(TaskInput input) throws IOException {
    JsonNode document = JSON.readTree(input.input());
    String path = field(document, "path");
    String text = field(document, "text");
    List<Finding> findings =
        path.toLowerCase(Locale.ROOT).endsWith(".md")
            ? new Markdown(Path.of(field(document, "root")), path).check(text)
            : Yaml.check(text);
    return JSON.writeValueAsString(Map.of("path", path, "findings", findings));
  }

  private static String field(JsonNode document, String name) {
    JsonNode field = document.get(name);
    if (field == null || !field.isTextual()) {
      throw new IllegalArgumentException(
          "the input has no text field \"" + name + "\": send {\"path\", \"root\", \"text\"}");
    }
    return field.asText();
  }
}

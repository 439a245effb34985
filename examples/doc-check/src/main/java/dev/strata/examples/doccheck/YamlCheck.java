package dev.strata.examples.doccheck;

import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Whether a text parses as YAML, all its documents. */
final class YamlCheck {
  private YamlCheck() {}

  static List<Finding> check(String path, String text) {
    if (path.contains("templates/") && text.contains("{{")) {
      // A chart's template becomes YAML only when it is rendered.
      return List.of();
    }
    LoadSettings settings = LoadSettings.builder().setLabel(path).build();
    try {
      new Compose(settings).composeAllFromString(text).forEach(node -> {});
      return List.of();
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      return List.of(new Finding(line, "NotYaml", "does not parse: " + e.getProblem()));
    } catch (YamlEngineException e) {
      return List.of(new Finding(1, "NotYaml", "does not parse: " + e.getMessage()));
    }
  }
}

package dev.strata.examples.doccheck;

import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Whether YAML parses, all documents of the file. Templates of Helm are no YAML yet and are left
 * alone.
 */
final class Yaml {
  private Yaml() {}

  static List<Finding> check(String text) {
    if (text.contains("{{")) {
      return List.of();
    }
    try {
      for (var unused : new Parse(LoadSettings.builder().build()).parseString(text)) {
        // Reading to the end is the check.
      }
      return List.of();
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      return List.of(new Finding(line, "yaml", "does not parse: " + e.getProblem()));
    } catch (YamlEngineException e) {
      return List.of(new Finding(1, "yaml", "does not parse: " + e.getMessage()));
    }
  }
}

package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * A program in any language.
 *
 * @param command program and arguments, not passed through a shell
 * @param mode how tasks reach it
 */
@ValidationRule(
    value = "size(self.command) > 0 && size(self.command[0]) > 0",
    fieldPath = ".command",
    message =
        "an exec handler needs a command: write the program first and its arguments behind it, such"
            + " as [\"/bin/cat\"]")
@JsonIgnoreProperties(ignoreUnknown = true)
public record ExecHandler(
    @JsonPropertyDescription(
            "The program and its arguments. No shell is involved: write [\"/bin/sh\", \"-c\","
                + " \"...\"] where you want one.")
        @Required
        List<String> command,
    @JsonPropertyDescription(
            "PerTask: one process for each task, input on stdin, output from stdout, exit status 0"
                + " is success. JsonLines: one long-lived process for each slot that reads a line"
                + " {\"id\":..,\"input\":..} and answers a line {\"id\":..,\"output\":..} or"
                + " {\"id\":..,\"error\":..}.")
        @Default("PerTask")
        Mode mode) {

  public ExecHandler {
    command = Copies.of(command);
  }

  /** How tasks reach the program. */
  public enum Mode {
    /** One process a task. */
    @JsonProperty("PerTask")
    PER_TASK,
    /** One long-lived process a slot that speaks lines of JSON. */
    @JsonProperty("JsonLines")
    JSON_LINES
  }
}

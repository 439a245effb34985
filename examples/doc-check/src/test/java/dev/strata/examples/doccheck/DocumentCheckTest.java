package dev.strata.examples.doccheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.handler.TaskInput;
import dev.strata.protocol.Messages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both handlers of the example, each on documents with known mistakes. */
class DocumentCheckTest {
  private static final String MARKDOWN =
      """
      # Title
      See [flow](flow.md), [gone](gone.md "x"), [site](https://example.com/x.md), [up](/top.md).
      ### Too deep
      [here](#too-deep) and [nowhere](#not-there), `[code](no.md)`
      ```sh
      ## no heading [no](link.md)
      the the
      ```
      ## Next: a part
      [part](#next-a-part) [ref]

      [ref]: missing.txt
      """;

  @TempDir Path root;

  private String check(String path, String text) throws Exception {
    var json = Messages.mapper().createObjectNode().put("path", path).put("text", text);
    json.put("root", root.toString());
    return handler().handle(new TaskInput("1", json.toString(), 1, "pool-0", 1, "pod"));
  }

  private static TaskHandler handler() {
    return ServiceLoader.load(TaskHandler.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(handler -> handler.name().equals("doc-check"))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> findings(String output) throws Exception {
    var found = new ArrayList<String>();
    for (var one : Messages.mapper().readTree(output).path("findings")) {
      found.add(
          one.path("line").asInt()
              + " "
              + one.path("kind").asText()
              + ": "
              + one.path("message").asText());
    }
    return found;
  }

  @Test
  void markdownIsChecked() throws Exception {
    Files.createDirectories(root.resolve("docs"));
    Files.writeString(root.resolve("docs/flow.md"), "x");
    Files.writeString(root.resolve("top.md"), "x");
    assertThat(findings(check("docs/index.md", MARKDOWN)))
        .containsExactly(
            "2 BrokenLink: there is no file gone.md",
            "3 HeadingOrder: a heading of level 3 follows one of level 1",
            "4 BrokenAnchor: no heading of this file gives #not-there",
            "12 BrokenLink: there is no file missing.txt");
  }

  @Test
  void yamlIsChecked() throws Exception {
    assertThat(findings(check("a.yaml", "a: 1\n---\nb: !custom [1, 2]\n"))).isEmpty();
    assertThat(findings(check("b.yml", "a: 1\n---\nb: 2\nc: [1\nd: 3\n")))
        .singleElement()
        .asString()
        .startsWith("5 NotYaml: does not parse: ");
    assertThat(findings(check("templates/c.yaml", "a: {{ .Values.x }}\n"))).isEmpty();
    assertThat(findings(check("notes.txt", "[x](y.md)"))).isEmpty();
  }

  @Test
  void anInputWithoutAPathIsRefused() {
    assertThatThrownBy(() -> check("", "x")).hasMessageStartingWith("BadInput: the field path");
  }

  @Test
  void theScriptFindsRepeatedWords() throws Exception {
    String text =
        """
        # One
        It is the the end, end of of
        of it. "quoted \\ text"
        | the | the |

        ### Three
        had had that that `the the` no. No
        ```
        the the
        ```
        """;
    String output = script("docs/a \"b\".md", text);
    assertThat(Messages.mapper().readTree(output).path("path").asText())
        .isEqualTo("docs/a \"b\".md");
    assertThat(findings(output))
        .containsExactly(
            "2 RepeatedWord: the word \"the\" stands here twice",
            "2 RepeatedWord: the word \"of\" stands here twice",
            "3 RepeatedWord: the word \"of\" stands here twice",
            "6 HeadingOrder: a heading of level 3 follows one of level 1");
    assertThat(script("empty.md", "")).isEqualTo("{\"path\":\"empty.md\",\"findings\":[]}\n");
  }

  private static String script(String path, String text) throws Exception {
    Process process =
        new ProcessBuilder(Path.of("words-check.sh").toAbsolutePath().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var stdin = process.getOutputStream()) {
      stdin.write((path + "\n" + text).getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return output;
  }
}

package dev.strata.examples.doccheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksTest {
  @TempDir Path root;

  @Test
  void linksAndHeadings() throws IOException {
    Files.writeString(root.resolve("there.md"), "# There\n");
    String text =
        """
        # One
        [good](there.md) [bad](gone.md) [anchor](#one) [none](#two) [out](https://example.com/x)
        ### Three
        ```
        [code](gone.md)
        ```
        and `[span](gone.md)`
        """;
    assertThat(new Markdown(root, "a.md").check(text))
        .containsExactly(
            new Finding(2, "link", "gone.md leads nowhere"),
            new Finding(2, "link", "#two is no heading of this document"),
            new Finding(3, "heading", "level 3 follows level 1: one is left out"));
  }

  @Test
  void yaml() {
    assertThat(Yaml.check("a: 1\n---\nb: [1, 2]\n")).isEmpty();
    assertThat(Yaml.check("a: 1\nb: [1, 2\nc: 3\n"))
        .singleElement()
        .satisfies(f -> assertThat(f.line()).isGreaterThan(1));
    assertThat(Yaml.check("a: {{ .Values.a }}\n")).as("a template is no YAML yet").isEmpty();
  }

  @Test
  void theScriptFindsWordsWrittenTwice() throws IOException, InterruptedException {
    Process script =
        new ProcessBuilder("/bin/sh", "words-check.sh").redirectErrorStream(true).start();
    try (var in = script.getOutputStream()) {
      in.write(
          "docs/a.md\n# One\nit is is so\n```\nthe the\n```\nand `is` is\n### Three\n"
              .getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(script.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(output)
        .isEqualTo(
            """
            {"path":"docs/a.md","findings":[{"line":2,"kind":"word","message":"\\"is\\" is written twice"},{"line":7,"kind":"heading","message":"level 3 follows level 1"}]}
            """);
  }
}

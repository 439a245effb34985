package dev.strata.api.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The committed page is what the profiles say. With {@code -Dcrds.update=true} this test writes it
 * instead.
 */
class TargetsPageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("strata.root", "../..")).resolve("docs/targets.md");

  @Test
  void committedPageIsWhatTheProfilesSay() throws IOException {
    var generated = TargetsPage.generate();
    if (Boolean.getBoolean("crds.update")) {
      Files.writeString(PAGE, generated);
    }

    assertThat(PAGE)
        .as("docs/targets.md differs from the shipped profiles: run `make crds` and commit")
        .hasContent(generated);
  }

  @Test
  void itHasANumberedRowForEachOfThe33() {
    var rows =
        TargetsPage.generate().lines().filter(line -> line.matches("\\| \\d+ \\|.*")).toList();

    assertThat(rows).hasSize(33);
    assertThat(rows.getFirst()).startsWith("| 1 | Application | 95% of operations");
    assertThat(rows.getLast()).startsWith("| 33 | Physical |").endsWith("| `NotExposed` |");
  }
}

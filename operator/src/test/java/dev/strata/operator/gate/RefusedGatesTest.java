package dev.strata.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Gates that no rule of the schema can refuse, src/api/src/test/resources/gates/refused-*.yaml, are
 * refused by the operator with the sentence in their first line.
 */
class RefusedGatesTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("strata.root"), "src/api/src/test/resources/gates");
  private static final String EXPECT = "# expect: ";

  @TestFactory
  Stream<DynamicTest> filesAreRefusedWithTheirSentence() throws IOException {
    List<Path> files;
    try (var all = Files.list(FOLDER)) {
      files = all.sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(20);
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> refuse(file)));
  }

  private static void refuse(Path file) throws IOException {
    String text = Files.readString(file);
    String first = text.lines().findFirst().orElse("");
    assertThat(first).startsWith(EXPECT);
    assertThatThrownBy(() -> GateDesk.compile(text))
        .isInstanceOf(BadGateException.class)
        .hasMessageContaining(first.substring(EXPECT.length()));
  }

  @Test
  void shippedProfilesAreNotRefused() {
    assertThatCode(
            () ->
                assertThat(
                        GateDesk.compile(
                            "spec: {poolRef: {name: research}, profiles: [application,"
                                + " coordination, transport, physical]}"))
                    .hasSize(33))
        .doesNotThrowAnyException();
  }
}

package dev.strata.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  void aThresholdHasToLieBelowTheTimeoutOfThePoolAsItIsNow() {
    String gate =
        "spec: {poolRef: {name: research}, profiles: [application],"
            + " overrides: [{objective: response-time, threshold: 5s}]}";
    assertThatCode(() -> GateDesk.compile(gate, Duration.ofMillis(5_001)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> GateDesk.compile(gate, Duration.ofSeconds(5)))
        .hasMessageContaining("5s, and the pool cuts attempts off after 5s");
  }

  @Test
  void thresholdsOfAProfileFitEachPool() {
    String gate =
        "spec: {poolRef: {name: research}, profiles: [application],"
            + " overrides: [{objective: response-time, windowSeconds: 600}]}";
    assertThatCode(() -> GateDesk.compile(gate, Duration.ofSeconds(1))).doesNotThrowAnyException();
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

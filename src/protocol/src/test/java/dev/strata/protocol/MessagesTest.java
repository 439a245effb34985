package dev.strata.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesTest {
  private final Messages messages = new Messages("somebody");

  private static Envelope holding(MessageType type, String json) {
    return new Envelope(Priority.NORMAL, type, 1, 1, 1, json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatIsWrittenIsReadInBothWays() {
    var telemetry =
        new Telemetry(
            "pool",
            "pod",
            "uid",
            "process",
            null,
            3,
            7,
            Map.of("x@1", new Telemetry.Growth(1, 2, List.of(1L), List.of(2L))),
            Map.of("open", 5L),
            Map.of(),
            Map.of("gauge", List.of(1.5, Double.NaN)),
            Map.of("took", new Telemetry.Durations(List.of(1L), List.of(3L))),
            Map.of("blind", "SourceError"),
            -9,
            true);
    Envelope sent = messages.wrap(MessageType.TELEMETRY, Priority.LOW, 3, telemetry);
    assertThat(Messages.read(sent, MessageType.TELEMETRY, Telemetry.class)).isEqualTo(telemetry);
    assertThat(Messages.readOfOperator(sent, MessageType.TELEMETRY, Telemetry.class))
        .isEqualTo(telemetry);
    assertThat(Messages.readStrictly(sent, MessageType.TELEMETRY, Telemetry.class))
        .isEqualTo(telemetry);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"gauges\": {\"g\": [\"abc\"]}}",
        "{\"gauges\": {\"g\": [{}]}}",
        "{\"gauges\": {\"g\": 5}}",
        "{\"pool\": {\"a\": 1}}",
        "{\"events\": {\"x\": 5}}",
        "{\"events\": {\"x\": {\"first\": 1e300}}}",
        "{\"wanted\": 9999999999}",
        "[]",
        "nonsense"
      })
  void whatIsOfAnotherTypeIsNotReadAsNothing(String json) {
    Envelope sent = holding(MessageType.TELEMETRY, json);
    assertThatThrownBy(() -> Messages.readStrictly(sent, MessageType.TELEMETRY, Telemetry.class))
        .isInstanceOf(MalformedEnvelopeException.class);
  }

  @Test
  void fieldsThatAreNotKnownAreSkipped() {
    Envelope sent = holding(MessageType.CANCEL, "{\"id\": \"x\", \"new\": {\"deep\": [1]}}");
    assertThat(Messages.read(sent, MessageType.CANCEL, Cancel.class)).isEqualTo(new Cancel("x"));
    assertThat(Messages.readStrictly(sent, MessageType.CANCEL, Cancel.class))
        .isEqualTo(new Cancel("x"));
  }

  @Test
  void aTaskIsReadFromWhatAnybodyMayWrite() {
    assertThat(
            Messages.task(
                holding(MessageType.TASK, "{\"new\": [], \"input\": \"\", \"id\": \"x\"}")))
        .isEqualTo(new Task("x", "", 0));
    assertThat(
            Messages.task(
                holding(
                    MessageType.TASK,
                    "{\"id\": \"x\", \"input\": \"y\", \"submittedAtMillis\": 5,"
                        + " \"reference\": \"z\"}")))
        .isEqualTo(new Task("x", "y", 5, "z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"input\": \"y\"}",
        "{\"id\": \"x\"}",
        "{\"id\": \"x\", \"input\": {\"a\": 1}}",
        "{\"id\": \"x\", \"input\": \"y\", \"reference\": [1]}",
        "[1]",
        "",
        "{\"id\":}",
        "{x\":[[[",
        "nonsense"
      })
  void whatIsNoTaskIsSaid(String json) {
    for (String padded : List.of(json, json + " ".repeat(100_000))) {
      Envelope sent = holding(MessageType.TASK, padded);
      assertThatThrownBy(() -> Messages.task(sent)).isInstanceOf(MalformedEnvelopeException.class);
    }
  }

  @Test
  void aTaskIsTheSameHoweverLargeItIs() {
    String fields = "{\"id\": \"x\", \"input\": \"%s\", \"submittedAtMillis\": 5, \"more\": %s}";
    for (String input : List.of("y", "y".repeat(100_000))) {
      for (String more : List.of("[1]", "[" + "0,".repeat(5000) + "0]", "1".repeat(900))) {
        assertThat(Messages.task(holding(MessageType.TASK, fields.formatted(input, more))))
            .isEqualTo(new Task("x", input, 5));
      }
    }
  }

  @Test
  void aValueIsWrittenWithAllThatItHas() throws IOException {
    String json = "{\"b\":1.5,\"a\":123456789012345678901234567890,\"n\":null,\"l\":[null,true]}";
    assertThat(Messages.textOfValue(Messages.value(json.getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(json);
    assertThat(Messages.textOfValue(null)).isEqualTo("null");
    byte[] twice = "{\"a\":1,\"a\":2}".getBytes(StandardCharsets.UTF_8);
    assertThat(Messages.textOfValue(Messages.value(twice))).isEqualTo("{\"a\":2}");
    assertThat(Messages.text(new Opinion("id", "from", null)))
        .isEqualTo("{\"id\":\"id\",\"from\":\"from\"}");
  }
}

package dev.strata.e2e;

import static dev.strata.e2e.GateDraft.gate;
import static dev.strata.e2e.PoolDraft.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.protocol.Envelope;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Telemetry;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * An agent that tells what cannot be, with its own credentials: refused, counted, judged by none.
 */
@SystemTest
final class RefusedTelemetryTest {
  private static final String REFUSED = "strata_telemetry_refused_total";
  private static final MessageIds IDS = new MessageIds(System::currentTimeMillis);

  @Test
  void whatCannotBeIsRefusedAndCounted(Story story) {
    story.given(pool("lying").replicas(2)).gated(gate("slo", "lying"));
    GateCheck slo = story.gate("slo");
    try (var _ = story.traffic("lying", "hello", 20)) {
      slo.says("agent-memory", "Met");
    }
    Pod self = story.podOf("lying-0");
    Report honest = Report.of(story.pool("lying").getMetadata().getUid(), self);
    var credentials = PodSecrets.of(story, self).credentials();
    try (var liar = new Intruder(story.cluster().natsUrl(), credentials)) {
      String subject = Subjects.telemetry(honest.pool(), honest.pod());
      refused(story, liar, subject, "Malformed", List.of("{", honest.memory("[NaN]")));
      refused(story, liar, subject, "Malformed", List.of(honest.memory("[\"a lot\"]")));
      refused(
          story,
          liar,
          subject,
          "Impossible",
          List.of(
              honest.memory("[\"NaN\"]"),
              honest.memory("[-1]"),
              honest.events(5, 4),
              honest.events(-1, -1),
              honest.events(1L << 60, 1L << 60),
              honest.at(1L << 40),
              honest.at(-1)));
      Report mates = Report.of(honest.pool(), story.podOf("lying-1"));
      refused(story, liar, subject, "ForeignIdentity", List.of(mates.memory("[1.0]")));
    }
    slo.reads("agent-memory", "Met");
  }

  private static void refused(
      Story story, Intruder liar, String subject, String cause, List<String> reports) {
    String label = "cause=\"" + cause + "\"";
    long before = OperatorMetrics.of(story.cluster()).count(REFUSED, label);
    for (String report : reports) {
      liar.send(
          subject,
          new Envelope(
              Priority.NORMAL,
              MessageType.TELEMETRY,
              IDS.next(),
              0,
              0,
              report.getBytes(StandardCharsets.UTF_8)));
    }
    Story.eventually(
        Story.PATIENCE,
        () ->
            assertThat(OperatorMetrics.of(story.cluster()).count(REFUSED, label))
                .as("%s after %s", cause, reports)
                .isGreaterThanOrEqualTo(before + reports.size()));
  }

  /** What an agent could say of itself, as the text that it would send. */
  private record Report(String pool, String pod, String uid) {
    private static final String MEMORY = "\"agent-memory\":[1.0]";

    static Report of(String pool, Pod pod) {
      return new Report(pool, pod.getMetadata().getName(), pod.getMetadata().getUid());
    }

    String memory(String values) {
      String honest = text(5, Map.of(), Map.of("agent-memory", List.of(1.0)));
      assertThat(honest).contains(MEMORY);
      return honest.replace(MEMORY, "\"agent-memory\":" + values);
    }

    String events(long good, long total) {
      var growth = new Telemetry.Growth(good, total, List.of(good), List.of(total));
      return text(5, Map.of("delivery-success", growth), Map.of());
    }

    String at(long second) {
      return text(second, Map.of(), Map.of());
    }

    private String text(
        long second, Map<String, Telemetry.Growth> events, Map<String, List<Double>> gauges) {
      return Messages.text(
          new Telemetry(
              pool,
              pod,
              uid,
              "another-process",
              null,
              0,
              second,
              events,
              Map.of(),
              Map.of(),
              gauges,
              Map.of(),
              Map.of(),
              0,
              false));
    }
  }
}

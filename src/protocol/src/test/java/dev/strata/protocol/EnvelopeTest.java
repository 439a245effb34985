package dev.strata.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** An envelope comes back as it went, and never as something else. */
class EnvelopeTest {
  @Property
  void comesBackAsItWent(@ForAll("envelopes") Envelope envelope) {
    assertThat(Envelope.decode(envelope.encode())).isEqualTo(envelope);
  }

  @Property
  void anyFlippedByteIsDetected(
      @ForAll("envelopes") Envelope envelope,
      @ForAll @IntRange(max = 100_000) int at,
      @ForAll @IntRange(min = 1, max = 255) int flip) {
    byte[] bytes = envelope.encode();
    bytes[at % bytes.length] ^= (byte) flip;
    assertThatThrownBy(() -> Envelope.decode(bytes)).isInstanceOf(MalformedEnvelopeException.class);
  }

  @Property
  void anyCutIsDetected(
      @ForAll("envelopes") Envelope envelope, @ForAll @IntRange(max = 100_000) int at) {
    byte[] bytes = envelope.encode();
    byte[] cut = Arrays.copyOf(bytes, at % bytes.length);
    assertThatThrownBy(() -> Envelope.decode(cut)).isInstanceOf(MalformedEnvelopeException.class);
  }

  @Test
  void aPayloadOverTheLimitIsRefused() {
    assertThatThrownBy(
            () ->
                new Envelope(
                    Priority.LOW,
                    MessageType.TASK,
                    1,
                    2,
                    3,
                    new byte[Envelope.MAX_PAYLOAD_BYTES + 1]))
        .isInstanceOf(PayloadTooLargeException.class)
        .hasMessageContaining("send a reference instead");
  }

  @Test
  void recordsTravelAsJson() {
    var messages = new Messages("pod-1");
    var task = new Task(MessageIds.newTaskId(), "{\"n\":1}", 12);
    Envelope envelope = messages.wrap(MessageType.TASK, Priority.HIGH, 0, task);
    assertThat(Messages.task(envelope)).isEqualTo(task);
    assertThatThrownBy(() -> Messages.read(envelope, MessageType.RESULT, TaskResult.class))
        .isInstanceOf(MalformedEnvelopeException.class)
        .hasMessageContaining("expected a message of type RESULT but got TASK");
  }

  @Test
  void aSealedTextOpensOnlyForItsNameAndKey() {
    String key = Sealed.newKey();
    String sealed = Sealed.seal(key, "pod-1", "secret");
    assertThat(Sealed.open(key, "pod-1", sealed)).isEqualTo("secret");
    for (List<String> wrong : List.of(List.of(key, "pod-2"), List.of(Sealed.newKey(), "pod-1"))) {
      assertThatThrownBy(() -> Sealed.open(wrong.get(0), wrong.get(1), sealed))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Provide
  Arbitrary<Envelope> envelopes() {
    return Combinators.combine(
            Arbitraries.of(Priority.class),
            Arbitraries.of(MessageType.class),
            Arbitraries.longs(),
            Arbitraries.integers(),
            Arbitraries.integers().between(0, 0xFFFF),
            Arbitraries.bytes().array(byte[].class).ofMaxSize(2000))
        .as(Envelope::new);
  }
}

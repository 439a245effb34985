package dev.strata.protocol;

import java.util.concurrent.atomic.LongAdder;

/**
 * The bytes that one connection has sent and received, in bodies of messages and headers that we
 * add: of work itself, and of what the protocol needs for it. Telemetry is neither, and the
 * messaging engine's own bytes (subjects, its requests and answers) are not counted.
 */
public final class WireBytes {
  private final LongAdder work = new LongAdder();
  private final LongAdder protocol = new LongAdder();

  /** Counts an envelope. */
  public void message(Envelope envelope) {
    message(envelope, 0);
  }

  /**
   * Counts an envelope.
   *
   * @param added bytes of headers beside it
   */
  public void message(Envelope envelope, int added) {
    int payload = envelope.payload().length;
    switch (envelope.type().use()) {
      case WORK -> {
        work.add(payload);
        protocol.add(Envelope.HEADER_BYTES + added);
      }
      case CONTROL -> protocol.add(Envelope.HEADER_BYTES + payload + added);
      case MEASURING -> {}
    }
  }

  /** Counts the body of an acknowledgement. */
  public void acknowledgement(byte[] body) {
    protocol.add(body.length);
  }

  /** Bytes of tasks and results, uncompressed. */
  public long work() {
    return work.sum();
  }

  /** Bytes of our headers, acknowledgements and control messages. */
  public long protocol() {
    return protocol.sum();
  }
}

package dev.strata.protocol;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The bytes that one connection has sent and received, in bodies of messages and headers that we
 * add: of work itself, and of what the protocol needs for it. Telemetry is neither. What is left of
 * all bytes is the messaging engine's own: subjects, its requests and answers.
 */
public final class WireBytes {
  private final LongAdder work = new LongAdder();
  private final LongAdder protocol = new LongAdder();
  private final LongAdder measuring = new LongAdder();
  private final AtomicLong engine = new AtomicLong();
  private final LongSupplier all;

  /** Of a connection that nobody counts. */
  public WireBytes() {
    this(() -> 0);
  }

  /**
   * @param all bytes of all messages so far, with all that the engine puts around them
   */
  public WireBytes(LongSupplier all) {
    this.all = all;
  }

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
      case MEASURING -> measuring.add(Envelope.HEADER_BYTES + payload + added);
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

  /** Bytes of the engine's own; never fewer than it was said before. */
  public long engine() {
    // A message is counted as ours a moment before or after it is counted at all.
    long rest = all.getAsLong() - work.sum() - protocol.sum() - measuring.sum();
    return engine.accumulateAndGet(rest, Math::max);
  }
}

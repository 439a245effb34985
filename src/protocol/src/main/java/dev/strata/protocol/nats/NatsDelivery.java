package dev.strata.protocol.nats;

import dev.strata.protocol.Priority;
import dev.strata.protocol.Task;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkLane;
import io.nats.client.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A task delivered by a JetStream consumer. */
final class NatsDelivery implements WorkLane.Delivery {
  private static final byte[] ACK = ascii("+ACK");
  private static final byte[] IN_PROGRESS = ascii("+WPI");
  private static final byte[] TERMINATE = ascii("+TERM");
  private static final Duration ACK_LIMIT = Duration.ofSeconds(1);

  private final NatsConnection connection;
  private final Message message;
  private final Task task;
  private final Priority priority;
  private final long deliveries;

  NatsDelivery(NatsConnection connection, Message message, Task task, Priority priority) {
    this.connection = connection;
    this.message = message;
    this.task = task;
    this.priority = priority;
    this.deliveries = deliveries(message);
  }

  @Override
  public Task task() {
    return task;
  }

  @Override
  public Priority priority() {
    return priority;
  }

  @Override
  public long deliveries() {
    return deliveries;
  }

  @Override
  public void inProgress() {
    tell(connection, message, IN_PROGRESS);
  }

  @Override
  public boolean ack() {
    try {
      connection.wire().acknowledgement(ACK);
      connection.request(replyTo(message), null, ACK, ACK_LIMIT);
      return true;
    } catch (TransportException e) {
      return false;
    }
  }

  @Override
  public void handBack(Duration delay) {
    handBack(connection, message, delay);
  }

  static void handBack(NatsConnection connection, Message message, Duration delay) {
    tell(
        connection,
        message,
        ascii(delay.isZero() ? "-NAK" : "-NAK {\"delay\":" + delay.toNanos() + "}"));
  }

  static void terminate(NatsConnection connection, Message message) {
    tell(connection, message, TERMINATE);
  }

  /** While NATS is away the word is lost, and the ack wait says the same a little later. */
  private static void tell(NatsConnection connection, Message message, byte[] word) {
    if (connection.connected()) {
      try {
        connection.publish(replyTo(message), word);
        connection.wire().acknowledgement(word);
      } catch (TransportException e) {
        // The connection broke between the two lines: as above.
      }
    }
  }

  /**
   * The count in a reply subject, {@code $JS.ACK.<stream>.<consumer>.<count>...}; newer servers put
   * domain and account before the stream (source: NATS ADR-15).
   */
  static long deliveries(Message message) {
    String[] tokens = tokens(message);
    return Long.parseLong(tokens[streamAt(tokens) + 2]);
  }

  /** The stream in a reply subject. */
  static String stream(Message message) {
    String[] tokens = tokens(message);
    return tokens[streamAt(tokens)];
  }

  private static String[] tokens(Message message) {
    return replyTo(message).split("\\.", -1);
  }

  private static int streamAt(String[] tokens) {
    return tokens.length >= 11 ? 4 : 2;
  }

  private static String replyTo(Message message) {
    String replyTo = message.getReplyTo();
    if (replyTo == null) {
      throw new IllegalStateException("a message without a reply subject is no delivery");
    }
    return replyTo;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return task.id() + " (delivery " + deliveries + ")";
  }
}

package dev.strata.protocol;

import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * Messages between agents and operator: at most once, in order per sender, no store. What must not
 * be lost goes through {@link WorkLane}.
 */
public interface Transport extends AutoCloseable {
  /** Sends one message; fire and forget. Throws {@link TransportException} when not connected. */
  void publish(String subject, Envelope envelope);

  /**
   * Calls the listener with subject and envelope of each message, on a thread of the transport's,
   * one at a time. Malformed messages are counted and dropped.
   */
  Subscription subscribe(String subject, BiConsumer<String, Envelope> listener);

  /** Whether the connection stands now. */
  boolean connected();

  /**
   * How long the connection has stood without a break, by the monotonic clock; zero while it is
   * down. Silence of a peer is evidence only within this time.
   */
  Duration connectedFor();

  /** How many messages were dropped as malformed. */
  long malformed();

  /**
   * Waits until what was published has reached the server. False when it did not within the limit.
   */
  boolean flush(Duration limit);

  @Override
  void close();

  /** Ends when closed. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}

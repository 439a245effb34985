package dev.strata.agent;

import dev.strata.protocol.Envelope;
import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Transport;
import dev.strata.protocol.TransportException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Sends the agent's sign of life every second and at once when something changed. Its own ticks and
 * the flushes to the server are what {@link InTouch} judges by.
 */
final class Heartbeats implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration FLUSH_LIMIT = Duration.ofMillis(700);
  private static final Duration END_LIMIT = Duration.ofSeconds(2);

  private final Transport transport;
  private final Messages messages;
  private final InTouch touch;
  private final LongFunction<Heartbeat> state;
  private final Runnable tick;
  private final Consumer<Boolean> suspicion;
  private final Semaphore soon = new Semaphore(0);
  private final Thread thread;
  private long sequence;
  private boolean wasSuspect;
  private volatile boolean closed;

  /**
   * @param state makes the heartbeat with this sequence number
   * @param tick called before each heartbeat
   * @param suspicion told when the agent becomes suspect (true) or is so no longer (false)
   */
  Heartbeats(
      Transport transport,
      Messages messages,
      InTouch touch,
      LongFunction<Heartbeat> state,
      Runnable tick,
      Consumer<Boolean> suspicion) {
    this.transport = transport;
    this.messages = messages;
    this.touch = touch;
    this.state = state;
    this.tick = tick;
    this.suspicion = suspicion;
    this.thread = Thread.ofPlatform().daemon().name("heartbeats").unstarted(this::loop);
  }

  /** Sends the first one on this thread, the others on their own. */
  void start() {
    beat();
    thread.start();
  }

  /** Sends one as soon as possible. */
  void now() {
    soon.release();
  }

  private void loop() {
    try {
      while (!closed) {
        if (soon.tryAcquire(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
          soon.drainPermits();
        }
        if (!closed) {
          beat();
        }
      }
    } catch (InterruptedException e) {
      // Nobody does: see close().
    }
  }

  private synchronized void beat() {
    touch.tick();
    tick.run();
    boolean suspect = touch.suspect();
    if (suspect != wasSuspect) {
      wasSuspect = suspect;
      suspicion.accept(suspect);
    }
    if (!transport.connected()) {
      return;
    }
    // Before it asks: while the last flush is too old, the gap goes on and no question stands.
    if (suspect && transport.flush(FLUSH_LIMIT)) {
      touch.flushed();
      touch.askedForConfirmation(sequence + 1);
    }
    send();
  }

  private void send() {
    Heartbeat heartbeat = state.apply(++sequence);
    Envelope envelope =
        messages.wrap(MessageType.HEARTBEAT, Priority.EMERGENCY, heartbeat.epoch(), heartbeat);
    try {
      transport.publish(Subjects.heartbeat(heartbeat.pool(), heartbeat.pod()), envelope);
      if (transport.flush(FLUSH_LIMIT)) {
        touch.flushed();
      }
    } catch (TransportException e) {
      // The connection says so itself; the next second tries again.
    }
  }

  /**
   * Sends a last one. The thread is not interrupted: within the client a message that was to be
   * sent would be lost, and an answer would count for another question.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    now();
    try {
      thread.join(END_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    beat();
  }
}

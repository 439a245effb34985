package dev.strata.protocol.nats;

import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.TransportException;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.support.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a pull consumer of one pool for messages, each request with a limit of its own, so that none
 * is stuck after a reconnect.
 *
 * <p>A request ends at the server when it is filled, empty or expired; then its inbox is clean and
 * is used again. When it ends on our side first, the inbox is drained and what still arrives is
 * handed back, so that no task waits for the ack limit because of it.
 */
final class PullRequest {
  private static final int IDLE_INBOXES = 8;
  private static final int NO_MESSAGES = 404;
  private static final int REQUEST_TIMEOUT = 408;
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final NatsConnection connection;
  private final String pool;
  private final Consumer<Message> handBack;
  private final BlockingQueue<Subscription> idle = new ArrayBlockingQueue<>(IDLE_INBOXES);

  PullRequest(NatsConnection connection, String pool, Consumer<Message> handBack) {
    this.connection = connection;
    this.pool = pool;
    this.handBack = handBack;
  }

  /**
   * Up to {@code max} messages, as soon as there is one.
   *
   * @throws TransportException when the server refused or did not answer and nothing had come
   */
  List<Message> next(Priority priority, int max, Duration wait) throws InterruptedException {
    int breaks = connection.breaks();
    Subscription inbox = inbox();
    var messages = new ArrayList<Message>(max);
    boolean ended = false;
    try {
      ask(priority, max, wait, inbox);
      ended = take(inbox, messages, max, wait, breaks);
    } catch (IllegalStateException e) {
      throw new TransportException("the NATS connection was closed", e);
    } catch (InterruptedException e) {
      messages.forEach(handBack);
      throw e;
    } finally {
      if (!ended || breaks != connection.breaks() || !idle.offer(inbox)) {
        drain(inbox);
      }
    }
    return messages;
  }

  /** Opens inboxes for so many requests, at most {@value #IDLE_INBOXES}. */
  void open(int inboxes) {
    for (int i = 0; i < inboxes; i++) {
      Subscription inbox = subscribe();
      if (!idle.offer(inbox)) {
        inbox.unsubscribe();
      }
    }
  }

  private Subscription inbox() {
    Subscription inbox = idle.poll();
    return inbox != null && inbox.isActive() ? inbox : subscribe();
  }

  private Subscription subscribe() {
    try {
      return connection.nats().subscribe(connection.nats().createInbox());
    } catch (IllegalStateException e) {
      throw new TransportException("the NATS connection is closed", e);
    }
  }

  private void ask(Priority priority, int max, Duration wait, Subscription inbox) {
    if (!connection.connected()) {
      throw new TransportException("not connected to NATS: cannot fetch tasks");
    }
    // no_wait with expires: returns at once with what is there, else waits for the first message.
    String body =
        wait.isZero()
            ? "{\"batch\":" + max + ",\"no_wait\":true}"
            : "{\"batch\":" + max + ",\"no_wait\":true,\"expires\":" + wait.toNanos() + "}";
    String subject =
        "$JS.API.CONSUMER.MSG.NEXT."
            + Subjects.taskStream(pool)
            + "."
            + Subjects.consumer(priority);
    connection
        .nats()
        .publish(subject, inbox.getSubject(), body.getBytes(StandardCharsets.US_ASCII));
  }

  /** Collects until the server ends the request (true) or our own limit does (false). */
  private boolean take(
      Subscription inbox, List<Message> messages, int max, Duration wait, int breaks)
      throws InterruptedException {
    long deadline = System.nanoTime() + wait.plus(GRACE).toNanos();
    while (messages.size() < max) {
      long left = deadline - System.nanoTime();
      boolean broken = breaks != connection.breaks();
      if (left <= 0 || broken) {
        if (messages.isEmpty() && !broken && wait.isZero()) {
          throw new TransportException("NATS did not answer a request for tasks of pool " + pool);
        }
        return false;
      }
      Message message = inbox.nextMessage(Duration.ofNanos(Math.min(left, LOOK_EVERY.toNanos())));
      if (message == null) {
        continue;
      }
      if (!message.isStatusMessage()) {
        messages.add(message);
        continue;
      }
      Status status = message.getStatus();
      if (status.getCode() == NO_MESSAGES
          || status.getCode() == REQUEST_TIMEOUT
          || !messages.isEmpty()) {
        return true;
      }
      throw new TransportException(
          "NATS refused a request for tasks of pool " + pool + ": " + status.getMessageWithCode());
    }
    return true;
  }

  private void drain(Subscription inbox) {
    try {
      // Ends the interest at the server and waits for what it had sent before that.
      CompletableFuture<Boolean> drained = inbox.drain(GRACE);
      while (!drained.isDone()) {
        Message message = next(inbox);
        if (message != null && !message.isStatusMessage()) {
          handBack.accept(message);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException | TransportException e) {
      // Closed or drained already: what was on its way comes again after the ack wait.
    }
  }

  /**
   * What comes within a millisecond. jnats 2.26.2 takes the queue away at the end of a drain, on a
   * thread of its own and also from who looks into it at that moment.
   */
  private static @Nullable Message next(Subscription inbox) throws InterruptedException {
    try {
      return inbox.nextMessage(Duration.ofMillis(1));
    } catch (NullPointerException e) {
      return null;
    }
  }
}

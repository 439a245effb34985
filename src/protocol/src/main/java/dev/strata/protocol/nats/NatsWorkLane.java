package dev.strata.protocol.nats;

import dev.strata.protocol.Attempt;
import dev.strata.protocol.DeadLetter;
import dev.strata.protocol.Envelope;
import dev.strata.protocol.MalformedEnvelopeException;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Task;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.UnknownVersionException;
import dev.strata.protocol.WorkLane;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The work lane of one pool over JetStream, with the rights of an agent or a submitter. */
public final class NatsWorkLane implements WorkLane {
  private static final Duration NEWER = Duration.ofSeconds(5);

  /** Of a task for newer agents: an hour. */
  private static final long MOST_WAITS = 720;

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final NatsConnection connection;
  private final String pool;
  private final String sender;
  private final Messages messages;
  private final PullRequest pulls;
  private final AtomicLong malformed = new AtomicLong();

  /**
   * @param pool UID of the pool
   * @param sender name of who uses the lane, such as a pod's name
   */
  public NatsWorkLane(NatsConnection connection, String pool, String sender) {
    this.connection = connection;
    this.pool = pool;
    this.sender = sender;
    this.messages = new Messages(sender);
    this.pulls =
        new PullRequest(
            connection, pool, message -> NatsDelivery.handBack(connection, message, Duration.ZERO));
  }

  /**
   * Opens the inboxes that pulls will use and asks the server one thing, so that the first pull
   * does not do it.
   *
   * @param pulls how many will wait at a time, 1 to 8
   * @throws TransportException when the engine cannot be reached
   */
  public void prepare(int pulls) {
    this.pulls.open(pulls);
    var unused = result(MessageIds.newTaskId());
  }

  /** How many damaged messages were found and taken out. */
  public long malformed() {
    return malformed.get();
  }

  @Override
  public Submission submit(Task task, Priority priority) {
    Envelope body = messages.wrap(MessageType.TASK, priority, 0, task);
    if (result(task.id()).isPresent()) {
      return Submission.DUPLICATE;
    }
    String subject = Subjects.task(pool, priority, task.id());
    Answer answer =
        store(
            Subjects.taskStream(pool), subject, new Headers().add("Nats-Msg-Id", task.id()), body);
    return switch (answer.refusal()) {
      case NONE -> answer.duplicate() ? known(task.id()) : Submission.STORED;
      case EXISTS -> known(task.id());
      case FULL -> Submission.FULL;
    };
  }

  /**
   * Whoever is told that a task is stored forgets it: see {@link #ours}. That its id was seen
   * before proves nothing either: it is a header, which stands on any message of the stream.
   */
  private Submission known(String taskId) {
    if (whereabouts(taskId) == Whereabouts.UNKNOWN && result(taskId).isEmpty()) {
      throw unconfirmed("task " + taskId);
    }
    return Submission.DUPLICATE;
  }

  @Override
  public Optional<TaskResult> result(String taskId) {
    return get(
        Subjects.resultStream(pool),
        Subjects.result(pool, taskId),
        MessageType.RESULT,
        TaskResult.class);
  }

  @Override
  public Whereabouts whereabouts(String taskId) {
    var tasks = new LastMessage(connection, Subjects.taskStream(pool));
    var asked = new LinkedHashMap<String, CompletableFuture<Message>>();
    for (Priority priority : Priority.WORK) {
      String subject = Subjects.task(pool, priority, taskId);
      asked.put(subject, tasks.ask(subject));
    }
    for (Map.Entry<String, CompletableFuture<Message>> question : asked.entrySet()) {
      if (tasks.answer(question.getKey(), question.getValue()).isPresent()) {
        return Whereabouts.QUEUED_OR_RUNNING;
      }
    }
    return Whereabouts.UNKNOWN;
  }

  @Override
  public Optional<TaskResult> awaitResult(String taskId, Duration limit)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    Subscription news = connection.nats().subscribe(Subjects.result(pool, taskId));
    try {
      while (true) {
        Optional<TaskResult> stored = result(taskId);
        long left = deadline - System.nanoTime();
        if (stored.isPresent() || left <= 0) {
          return stored;
        }
        // The message itself proves nothing: the server may refuse it for an earlier one.
        news.nextMessage(Duration.ofNanos(Math.min(left, LOOK_AGAIN.toNanos())));
      }
    } finally {
      if (news.isActive()) {
        news.unsubscribe();
      }
    }
  }

  @Override
  public List<Delivery> fetch(Priority priority, int max, Duration wait)
      throws InterruptedException {
    var deliveries = new ArrayList<Delivery>(max);
    for (Message message : pulls.next(priority, max, wait)) {
      Task task = read(message);
      if (task != null) {
        deliveries.add(new NatsDelivery(connection, message, task, priority));
      }
    }
    return deliveries;
  }

  /** The task in a message; null when it has none that can be read. */
  private @Nullable Task read(Message message) {
    if (!Provenance.delivered(pool, message)) {
      malformed.incrementAndGet();
      return null;
    }
    try {
      var envelope = Envelope.decode(message.getData());
      Headers headers = message.getHeaders();
      connection.wire().message(envelope, headers == null ? 0 : headers.serializedLength());
      Task task = Messages.task(envelope);
      // It becomes part of the subjects of what is stored of it.
      if (!MessageIds.isToken(task.id()) || !task.id().equals(taskId(message))) {
        throw new MalformedEnvelopeException(
            "its subject ends in another word than its id: write the same, up to 128 letters, digits, - and _");
      }
      return task;
    } catch (MalformedEnvelopeException e) {
      if (e instanceof UnknownVersionException && NatsDelivery.deliveries(message) < MOST_WAITS) {
        // For a newer agent, as there is one while a pool is updated.
        NatsDelivery.handBack(connection, message, NEWER);
      } else {
        malformed.incrementAndGet();
        refuse(message, String.valueOf(e.getMessage()));
      }
      return null;
    }
  }

  private static String taskId(Message message) {
    String subject = message.getSubject();
    return subject.substring(subject.lastIndexOf('.') + 1);
  }

  /**
   * A damaged message is taken out of the stream, or it would come for ever; whoever waits for its
   * result is told why.
   */
  private void refuse(Message message, String why) {
    String id = taskId(message);
    if (MessageIds.isToken(id)) {
      long now = System.currentTimeMillis();
      long deliveries = NatsDelivery.deliveries(message);
      var result =
          new TaskResult(
              id,
              TaskResult.Status.FAILED,
              null,
              "Malformed: " + why,
              0,
              deliveries,
              null,
              0,
              sender,
              now,
              now,
              now);
      try {
        var unused = storeResult(result);
      } catch (TransportException e) {
        // It comes again after the ack wait.
        return;
      } catch (MalformedEnvelopeException e) {
        // There is a result, though it cannot be read: no other can be stored beside it.
      }
    }
    NatsDelivery.terminate(connection, message);
  }

  @Override
  public boolean storeResult(TaskResult result) {
    Envelope body = wrap(MessageType.RESULT, result.epoch(), result);
    String subject = Subjects.result(pool, result.id());
    return switch (store(Subjects.resultStream(pool), subject, null, body).refusal()) {
      case NONE -> true;
      case EXISTS -> ours(result);
      case FULL ->
          throw new TransportException(
              "the result stream of pool " + pool + " is full; wait until results expire");
    };
  }

  /**
   * Whether the result that is there is this one, as it is when an earlier call stored it and its
   * answer was lost.
   *
   * <p>The refusal alone proves nothing: a server that has lost the others refuses because of an
   * earlier message that only it has, and that is lost when another server leads. A message that
   * can be read is on most of them.
   */
  private boolean ours(TaskResult result) {
    return result(result.id())
        .orElseThrow(() -> unconfirmed("the result of task " + result.id()))
        .equals(result);
  }

  private static TransportException unconfirmed(String what) {
    return new TransportException(
        "NATS refuses " + what + " because of an earlier one, which cannot be read yet");
  }

  @Override
  public void storeDeadLetter(TaskResult result, Task task) {
    Envelope body = wrap(MessageType.DEAD_LETTER, result.epoch(), new DeadLetter(result, task));
    storeOrThrow(Subjects.deadLetter(pool, result.id()), body);
  }

  /** The dead letter of a task, if it was given up. */
  public Optional<DeadLetter> deadLetter(String taskId) {
    return get(
        Subjects.deadLetterStream(pool),
        Subjects.deadLetter(pool, taskId),
        MessageType.DEAD_LETTER,
        DeadLetter.class);
  }

  @Override
  public Optional<Attempt> attempt(String taskId) {
    return get(
        Subjects.deadLetterStream(pool),
        Subjects.attempt(pool, taskId),
        MessageType.ATTEMPT,
        Attempt.class);
  }

  @Override
  public void storeAttempt(Attempt attempt) {
    storeOrThrow(Subjects.attempt(pool, attempt.id()), wrap(MessageType.ATTEMPT, 0, attempt));
  }

  private Envelope wrap(MessageType type, long epoch, Object message) {
    return messages.wrap(type, Priority.NORMAL, epoch, message);
  }

  private void storeOrThrow(String subject, Envelope body) {
    String stream = Subjects.deadLetterStream(pool);
    if (store(stream, subject, null, body).refusal() != Refusal.NONE) {
      throw new TransportException("NATS has no room for " + subject);
    }
  }

  private <T> Optional<T> get(String stream, String subject, MessageType type, Class<T> record) {
    return new LastMessage(connection, stream)
        .of(subject)
        .map(message -> Messages.read(Envelope.decode(message), type, record));
  }

  /**
   * Stores it, and believes an answer only that names the stream: what else comes was the answer to
   * another question.
   */
  private Answer store(String stream, String subject, @Nullable Headers headers, Envelope body) {
    connection.wire().message(body, headers == null ? 0 : headers.serializedLength());
    Map<?, ?> answer =
        LastMessage.object(connection.request(subject, headers, body.encode(), LastMessage.LIMIT));
    if (!(answer.get("error") instanceof Map<?, ?> error)) {
      if (!stream.equals(answer.get("stream"))) {
        throw new TransportException("NATS did not say that it stored " + subject);
      }
      return new Answer(Refusal.NONE, Boolean.TRUE.equals(answer.get("duplicate")));
    }
    String text = String.valueOf(error.get("description")).toLowerCase(Locale.ROOT);
    if (text.contains("per subject")) {
      return new Answer(Refusal.EXISTS, false);
    }
    if (text.contains("maximum bytes") || text.contains("resource")) {
      return new Answer(Refusal.FULL, false);
    }
    throw new TransportException("NATS did not store " + subject + ": " + error);
  }

  private enum Refusal {
    NONE,
    EXISTS,
    FULL
  }

  private record Answer(Refusal refusal, boolean duplicate) {}
}

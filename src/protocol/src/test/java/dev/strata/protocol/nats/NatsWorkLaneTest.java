package dev.strata.protocol.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strata.protocol.Attempt;
import dev.strata.protocol.DeadLetter;
import dev.strata.protocol.Envelope;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Task;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkAdmin;
import dev.strata.protocol.WorkLane;
import dev.strata.protocol.WorkLane.Delivery;
import dev.strata.protocol.WorkLane.Submission;
import dev.strata.protocol.WorkLane.Whereabouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promises of the work lane, against a real server and with an agent's rights. */
class NatsWorkLaneTest {
  private static final AtomicInteger POOLS = new AtomicInteger();
  private static final Duration NOW = Duration.ZERO;
  private static final Duration SOON = Duration.ofSeconds(2);

  @TempDir static Path folder;
  private static NatsServer server;

  private String pool;
  private NatsConnection connection;
  private WorkLane lane;

  @BeforeAll
  static void startServer() throws Exception {
    server = NatsServer.start(folder);
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void makePool() throws Exception {
    pool = "pool-" + POOLS.incrementAndGet();
    server.ensurePool(pool, WorkAdmin.Limits.DEFAULT);
    connection = server.agent(pool, "pod-1");
    lane = new NatsWorkLane(connection, pool, "pod-1");
  }

  @AfterEach
  void closeConnection() {
    connection.close();
  }

  @Test
  void aTaskIsStoredFetchedAnsweredAndGone() throws Exception {
    Task task = task("hello");
    assertThat(lane.submit(task, Priority.NORMAL)).isEqualTo(Submission.STORED);
    assertThat(lane.whereabouts(task.id())).isEqualTo(Whereabouts.QUEUED_OR_RUNNING);

    Delivery delivery = fetchOne(Priority.NORMAL);
    assertThat(delivery.task()).isEqualTo(task);
    assertThat(delivery.priority()).isEqualTo(Priority.NORMAL);
    assertThat(delivery.deliveries()).isEqualTo(1);

    assertThat(lane.storeResult(result(task, "one"))).isTrue();
    assertThat(delivery.ack()).isTrue();
    assertThat(lane.whereabouts(task.id())).isEqualTo(Whereabouts.UNKNOWN);
    assertThat(lane.result(task.id())).contains(result(task, "one"));
  }

  @Test
  void aPoolThatDoesNotFitIsToldWhatToDo(@TempDir Path small) throws Exception {
    try (var full = NatsServer.startWithRoomFor("1GiB", small)) {
      full.ensurePool("first", WorkAdmin.Limits.DEFAULT);
      assertThatThrownBy(() -> full.ensurePool("second", WorkAdmin.Limits.DEFAULT))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("no room for another pool: each reserves 576 MiB")
          .hasMessageContaining("Raise nats.storage.maxFileStore");
    }
  }

  @Test
  void itsBytesAreCountedByWhatTheyAreFor() throws Exception {
    lane.submit(task("hello"), Priority.NORMAL);
    long task = connection.wire().work();
    assertThat(task).isGreaterThan("hello".length());
    // The envelope's header, and the one that keeps a task from being stored twice.
    long perTask = connection.wire().protocol();
    assertThat(perTask).isGreaterThan(Envelope.HEADER_BYTES).isLessThan(120);

    Delivery delivery = fetchOne(Priority.NORMAL);
    assertThat(connection.wire().work()).isEqualTo(2 * task);
    assertThat(connection.wire().protocol()).isEqualTo(2 * perTask);

    delivery.ack();
    assertThat(connection.wire().work()).isEqualTo(2 * task);
    assertThat(connection.wire().protocol()).isEqualTo(2 * perTask + "+ACK".length());

    lane.storeAttempt(new Attempt(delivery.task().id(), 1, "refused", 1000));
    assertThat(connection.wire().work()).as("an attempt is no work").isEqualTo(2 * task);
  }

  @Test
  void theFirstResultWins() throws Exception {
    Task task = task("x");
    assertThat(lane.storeResult(result(task, "first"))).isTrue();
    try (NatsConnection other = server.agent(pool, "pod-2")) {
      var otherLane = new NatsWorkLane(other, pool, "pod-2");
      assertThat(otherLane.storeResult(result(task, "second"))).isFalse();
    }
    // The same one again is what a retry after a lost answer looks like.
    assertThat(lane.storeResult(result(task, "first"))).isTrue();
    assertThat(lane.result(task.id())).contains(result(task, "first"));
  }

  @Test
  void theSameIdIsNotStoredTwice() throws Exception {
    Task task = task("x");
    assertThat(lane.submit(task, Priority.LOW)).isEqualTo(Submission.STORED);
    assertThat(lane.submit(task, Priority.LOW)).isEqualTo(Submission.DUPLICATE);
    assertThat(lane.submit(task, Priority.HIGH)).isEqualTo(Submission.DUPLICATE);
    assertThat(lane.fetch(Priority.LOW, 10, SOON)).hasSize(1);
  }

  @Test
  void aTaskWithAResultIsNotStored() {
    Task task = task("x");
    lane.storeResult(result(task, "done"));
    assertThat(lane.submit(task, Priority.NORMAL)).isEqualTo(Submission.DUPLICATE);
  }

  @Test
  void aFullStreamSaysSoAndLosesNothing() throws Exception {
    server.ensurePool(pool, new WorkAdmin.Limits(64 * 1024, 1 << 20, 60));
    int stored = 0;
    Submission last = Submission.STORED;
    while (last == Submission.STORED && stored < 100) {
      last = lane.submit(task("x".repeat(8 * 1024)), Priority.NORMAL);
      stored += last == Submission.STORED ? 1 : 0;
    }
    assertThat(last).isEqualTo(Submission.FULL);
    assertThat(stored).isBetween(5, 8);
    assertThat(lane.fetch(Priority.NORMAL, 100, NOW)).hasSize(stored);
  }

  @Test
  void anEndedTaskIsRemovedAndNoOther() throws Exception {
    Task ended = task("x");
    Task queued = task("y");
    lane.submit(ended, Priority.LOW);
    lane.submit(queued, Priority.LOW);
    lane.storeResult(result(ended, "x"));
    try (NatsConnection operator = server.administrator()) {
      var work = new NatsWorkAdmin(operator);
      assertThat(work.removeEnded(pool, ended.id())).isTrue();
      assertThat(work.removeEnded(pool, ended.id())).isFalse();
      assertThat(work.removeEnded(pool, queued.id())).isFalse();
    }
    assertThat(fetchOne(Priority.LOW).task()).isEqualTo(queued);
  }

  @Test
  void whatIsNotAckedComesAgain() throws Exception {
    lane.submit(task("x"), Priority.NORMAL);
    assertThat(fetchOne(Priority.NORMAL).deliveries()).isEqualTo(1);
    Delivery again = fetchWithin(Duration.ofSeconds(8));
    assertThat(again.deliveries()).isEqualTo(2);
    again.handBack(NOW);
    assertThat(fetchWithin(Duration.ofSeconds(2)).deliveries()).isEqualTo(3);
  }

  @Test
  void aWaitingFetchReturnsWithTheFirstTask() throws Exception {
    var waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return lane.fetch(Priority.HIGH, 5, Duration.ofSeconds(10));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    lane.submit(task("x"), Priority.HIGH);
    assertThat(waiting.get(2, java.util.concurrent.TimeUnit.SECONDS)).hasSize(1);
  }

  @Test
  void anInterruptedFetchLeavesTheTaskToOthers() throws Exception {
    Thread waiting =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    lane.fetch(Priority.HIGH, 1, Duration.ofSeconds(30));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    Awaitility.await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
    waiting.interrupt();
    assertThat(waiting.join(Duration.ofSeconds(3))).isTrue();
    lane.submit(task("x"), Priority.HIGH);
    assertThat(lane.fetch(Priority.HIGH, 1, SOON)).hasSize(1);
  }

  @Test
  void aResultIsAwaited() throws Exception {
    Task task = task("x");
    var waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try (NatsConnection outside = server.submitter(pool, "user")) {
                var outsideLane = new NatsWorkLane(outside, pool, "user");
                return outsideLane.awaitResult(task.id(), Duration.ofSeconds(10));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    lane.storeResult(result(task, "y"));
    assertThat(waiting.get(5, java.util.concurrent.TimeUnit.SECONDS)).contains(result(task, "y"));
    assertThat(lane.awaitResult(MessageIds.newTaskId(), Duration.ofMillis(50))).isEmpty();
  }

  @Test
  void attemptsAndDeadLettersAreKept() throws Exception {
    Task task = task("x");
    assertThat(lane.attempt(task.id())).isEqualTo(Optional.empty());
    lane.storeAttempt(new Attempt(task.id(), 1, "Timeout: 1 s", 1000));
    lane.storeAttempt(new Attempt(task.id(), 2, "Timeout: 2 s", 1000));
    assertThat(lane.attempt(task.id())).contains(new Attempt(task.id(), 2, "Timeout: 2 s", 1000));
    lane.storeDeadLetter(result(task, "dead"), task);
    assertThat(((NatsWorkLane) lane).deadLetter(task.id()))
        .contains(new DeadLetter(result(task, "dead"), task));
  }

  @Test
  void aDamagedTaskIsTakenOutAndCounted() throws Exception {
    send(Subjects.task(pool, Priority.LOW, "damaged"), new byte[] {1, 2, 3});
    assertThat(lane.fetch(Priority.LOW, 1, SOON)).isEmpty();
    assertThat(((NatsWorkLane) lane).malformed()).isEqualTo(1);
    // Terminating is not confirmed: the server takes it out soon after.
    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(lane.whereabouts("damaged")).isEqualTo(Whereabouts.UNKNOWN));
  }

  @Test
  void whoHandsInADamagedTaskIsToldWhy() throws Exception {
    String id = MessageIds.newTaskId();
    send(Subjects.task(pool, Priority.LOW, id), new byte[] {1, 2, 3});
    assertThat(lane.fetch(Priority.LOW, 1, SOON)).isEmpty();
    TaskResult result = lane.result(id).orElseThrow();
    assertThat(result.status()).isEqualTo(TaskResult.Status.FAILED);
    assertThat(result.error())
        .isEqualTo("Malformed: a message of 3 bytes is shorter than the header of 24");
    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(lane.whereabouts(id)).isEqualTo(Whereabouts.UNKNOWN));
  }

  @Test
  void aTaskUnderTheNameOfAnotherIsRefused() throws Exception {
    String id = MessageIds.newTaskId();
    byte[] other = envelope(task("x"));
    send(Subjects.task(pool, Priority.LOW, id), other);
    assertThat(lane.fetch(Priority.LOW, 1, SOON)).isEmpty();
    assertThat(lane.result(id).orElseThrow().error())
        .contains("its subject ends in another word than its id");
    // A wildcard would be answered with the result of any task.
    send(Subjects.task(pool, Priority.LOW, "star"), envelope(new Task("*", "x", 1)));
    assertThat(lane.fetch(Priority.LOW, 1, NOW)).isEmpty();
    assertThat(((NatsWorkLane) lane).malformed()).isEqualTo(2);
  }

  @Test
  void aTaskOfANewerVersionIsLeftToNewerAgents() throws Exception {
    Task task = task("x");
    byte[] newer = envelope(task);
    newer[0] = 2;
    send(Subjects.task(pool, Priority.LOW, task.id()), newer);
    assertThat(lane.fetch(Priority.LOW, 1, NOW)).isEmpty();
    assertThat(((NatsWorkLane) lane).malformed()).isZero();
    assertThat(lane.whereabouts(task.id())).isEqualTo(Whereabouts.QUEUED_OR_RUNNING);
    assertThat(lane.result(task.id())).isEmpty();
  }

  private static byte[] envelope(Task task) {
    return new Messages("test").wrap(MessageType.TASK, Priority.LOW, 0, task).encode();
  }

  private void send(String subject, byte[] message) {
    connection.request(subject, null, message, SOON);
  }

  @Test
  void aPoolWithoutStreamsIsAnErrorThatSaysSo() throws Exception {
    try (NatsConnection stranger = server.agent("nowhere", "pod-9")) {
      var nowhere = new NatsWorkLane(stranger, "nowhere", "pod-9");
      assertThatThrownBy(() -> nowhere.submit(task("x"), Priority.LOW))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("no such stream");
      assertThatThrownBy(() -> nowhere.fetch(Priority.LOW, 1, NOW))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("503");
    }
  }

  private Delivery fetchOne(Priority priority) throws InterruptedException {
    List<Delivery> deliveries = lane.fetch(priority, 1, SOON);
    assertThat(deliveries).hasSize(1);
    return deliveries.getFirst();
  }

  private Delivery fetchWithin(Duration limit) throws InterruptedException {
    return lane.fetch(Priority.NORMAL, 1, limit).getFirst();
  }

  private static Task task(String input) {
    return new Task(MessageIds.newTaskId(), input, 1);
  }

  static TaskResult result(Task task, String output) {
    return new TaskResult(
        task.id(),
        TaskResult.Status.DONE,
        output,
        null,
        1,
        1,
        "pool-1",
        3,
        "pod-1",
        task.submittedAtMillis(),
        2,
        3);
  }
}

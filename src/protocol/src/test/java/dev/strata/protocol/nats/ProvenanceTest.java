package dev.strata.protocol.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strata.protocol.Envelope;
import dev.strata.protocol.MalformedEnvelopeException;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Role;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Task;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WantedState;
import dev.strata.protocol.WorkAdmin;
import dev.strata.protocol.WorkLane.Submission;
import dev.strata.protocol.WorkLane.Whereabouts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent asks the server for a message that it has put into its own pool's streams, and has it
 * answer to where the agent must not speak.
 */
class ProvenanceTest {
  private static final String OWN = "own";
  private static final String OTHER = "other";
  private static final String POD = "other-1";

  @TempDir static Path folder;
  private static NatsServer server;

  private NatsConnection intruder;
  private NatsConnection agent;
  private NatsWorkLane lane;

  @BeforeAll
  static void startServer() throws Exception {
    server = NatsServer.start(folder);
    server.ensurePool(OWN, WorkAdmin.Limits.DEFAULT);
    server.ensurePool(OTHER, WorkAdmin.Limits.DEFAULT);
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void connect() throws Exception {
    intruder = server.agent(OWN, "own-1");
    agent = server.agent(OTHER, POD);
    lane = new NatsWorkLane(agent, OTHER, POD);
  }

  @AfterEach
  void close() {
    intruder.close();
    agent.close();
  }

  @Test
  void anAgentIsToldWhatToDoByTheOperatorOnly() throws Exception {
    String subject = Subjects.control(OTHER, POD);
    List<Envelope> heard = new CopyOnWriteArrayList<>();
    var transport = new NatsTransport(agent);
    transport.subscribe(subject, (at, message) -> heard.add(message));
    transport.flush(Duration.ofSeconds(2));

    var order = new WantedState("uid", Role.FENCED, null, 0, "Forged", 0);
    Envelope forged =
        new Messages("forger").wrap(MessageType.WANTED_STATE, Priority.EMERGENCY, 0, order);
    answerFromResults(forged, MessageIds.newTaskId(), subject);
    answerFromTasks(forged, subject);
    Awaitility.await().until(() -> transport.malformed() == 2);
    assertThat(heard).isEmpty();

    try (NatsConnection operator = server.administrator()) {
      operator.publish(subject, forged.encode());
      Awaitility.await().until(() -> heard.size() == 1);
    }
  }

  @Test
  void aPoolsTasksComeFromThoseWhoMayHandThemIn() throws Exception {
    Task task = new Task(MessageIds.newTaskId(), "forged", 1);
    Envelope forged = new Messages("forger").wrap(MessageType.TASK, Priority.LOW, 0, task);
    answerFromResults(forged, task.id(), Subjects.task(OTHER, Priority.LOW, task.id()));
    Awaitility.await().until(() -> lane.whereabouts(task.id()) == Whereabouts.QUEUED_OR_RUNNING);
    assertThat(lane.fetch(Priority.LOW, 1, Duration.ZERO)).isEmpty();
    Awaitility.await().until(() -> lane.whereabouts(task.id()) == Whereabouts.UNKNOWN);
    assertThat(lane.result(task.id()).orElseThrow().error()).startsWith("Malformed: ");
    // What a consumer delivers is of this pool's stream, wherever it arrives.
    answerFromTasks(forged, Subjects.task(OTHER, Priority.LOW, MessageIds.newTaskId()));
    assertThat(lane.fetch(Priority.LOW, 1, Duration.ofSeconds(1))).isEmpty();
  }

  @Test
  void aPoolsResultsComeFromItsAgents() throws Exception {
    Task task = new Task(MessageIds.newTaskId(), "x", 1);
    assertThat(lane.submit(task, Priority.NORMAL)).isEqualTo(Submission.STORED);
    var result =
        new TaskResult(
            task.id(), TaskResult.Status.DONE, "forged", null, 1, 1, "other-0", 1, POD, 1, 2, 3);
    Envelope forged = new Messages("forger").wrap(MessageType.RESULT, Priority.NORMAL, 1, result);
    answerFromResults(forged, task.id(), Subjects.result(OTHER, task.id()));
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> lane.result(task.id()))
                    .isInstanceOf(MalformedEnvelopeException.class));
  }

  /**
   * It would answer with the very bytes of a message, and with {@code no_hdr} with nothing else.
   */
  @Test
  void nobodyHasADirectGet() throws Exception {
    String id = MessageIds.newTaskId();
    String subject = Subjects.result(OWN, id);
    intruder.request(subject, null, new byte[] {1}, Duration.ofSeconds(2));
    String get = "$JS.API.DIRECT.GET." + Subjects.resultStream(OWN) + "." + subject;
    byte[] bare = "{\"no_hdr\":true}".getBytes(StandardCharsets.US_ASCII);
    try (NatsConnection operator = server.administrator()) {
      var heard = operator.nats().subscribe("somewhere");
      operator.nats().flush(Duration.ofSeconds(2));
      intruder.nats().publish(get, "somewhere", bare);
      intruder.nats().flush(Duration.ofSeconds(2));
      assertThatThrownBy(() -> operator.request(get, null, bare, Duration.ofSeconds(2)))
          .as("no stream answers, whoever asks")
          .isInstanceOf(TransportException.class);
      assertThat(heard.nextMessage(Duration.ofSeconds(1))).isNull();
    }
  }

  /** The server's own subjects it refuses by itself, from NATS 2.15.3 on. */
  @Test
  void noAnswerGoesToTheServersOwnSubjects() throws Exception {
    Task task = new Task(MessageIds.newTaskId(), "x", 1);
    assertThat(lane.submit(task, Priority.NORMAL)).isEqualTo(Submission.STORED);
    String purge = "$JS.API.STREAM.PURGE." + Subjects.taskStream(OTHER);
    try (NatsConnection connection = server.administrator()) {
      var heard = connection.nats().subscribe(purge);
      connection.nats().flush(Duration.ofSeconds(2));
      Envelope empty = new Messages("forger").wrap(MessageType.TASK, Priority.LOW, 0, task);
      answerFromResults(empty, task.id(), purge);
      answerFromTasks(empty, purge);
      assertThat(heard.nextMessage(Duration.ofSeconds(1))).isNull();
    }
    assertThat(lane.whereabouts(task.id())).isEqualTo(Whereabouts.QUEUED_OR_RUNNING);
  }

  private void answerFromResults(Envelope message, String id, String to) throws Exception {
    String subject = Subjects.result(OWN, id);
    intruder.request(subject, null, message.encode(), Duration.ofSeconds(2));
    intruder
        .nats()
        .publish(
            "$JS.API.STREAM.MSG.GET." + Subjects.resultStream(OWN),
            to,
            ("{\"last_by_subj\":\"" + subject + "\"}").getBytes(StandardCharsets.US_ASCII));
    intruder.nats().flush(Duration.ofSeconds(2));
  }

  private void answerFromTasks(Envelope message, String to) throws Exception {
    String subject = Subjects.task(OWN, Priority.HIGH, MessageIds.newTaskId());
    intruder.request(subject, null, message.encode(), Duration.ofSeconds(2));
    intruder
        .nats()
        .publish(
            "$JS.API.CONSUMER.MSG.NEXT."
                + Subjects.taskStream(OWN)
                + "."
                + Subjects.consumer(Priority.HIGH),
            to,
            "{\"batch\":1,\"no_wait\":true}".getBytes(StandardCharsets.US_ASCII));
    intruder.nats().flush(Duration.ofSeconds(2));
  }
}

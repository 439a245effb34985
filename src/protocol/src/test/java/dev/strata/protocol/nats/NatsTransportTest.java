package dev.strata.protocol.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strata.protocol.Envelope;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Role;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Task;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WantedState;
import dev.strata.protocol.WorkAdmin;
import dev.strata.protocol.WorkLane;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rights, reconnects and streams, against a real server of the test's own. */
class NatsTransportTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Duration SHORTLY = Duration.ofMillis(300);
  private static final String POOL = "pool";

  @TempDir Path folder;
  private NatsServer server;
  private NatsConnection admin;
  private NatsTransport operator;

  @BeforeEach
  void start() throws Exception {
    server = NatsServer.start(folder);
    admin = server.administrator();
    operator = new NatsTransport(admin);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      operator.close();
      server.close();
    }
  }

  @Test
  void anAgentSpeaksOnlyUnderItsOwnNameAndHearsOnlyWhatIsMeantForIt() throws Exception {
    Queue<String> heartbeats = new ConcurrentLinkedQueue<>();
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    operator.subscribe(Subjects.ALL_HEARTBEATS, (subject, envelope) -> heartbeats.add(subject));
    assertThat(operator.flush(Duration.ofSeconds(2))).isTrue();
    try (var agent = new NatsTransport(server.agent(POOL, "pod-1"))) {
      agent.subscribe(Subjects.control(POOL, "pod-1"), (subject, e) -> heard.add(subject));
      agent.subscribe(Subjects.control(POOL, "pod-2"), (subject, e) -> heard.add(subject));
      agent.publish(Subjects.heartbeat(POOL, "pod-2"), wanted());
      agent.publish(Subjects.control(POOL, "pod-2"), wanted());
      agent.publish(Subjects.heartbeat(POOL, "pod-1"), wanted());
      assertThat(agent.flush(Duration.ofSeconds(2))).isTrue();

      operator.publish(Subjects.control(POOL, "pod-2"), wanted());
      operator.publish(Subjects.control(POOL, "pod-1"), wanted());
      Awaitility.await().until(() -> !heard.isEmpty() && !heartbeats.isEmpty());
      assertThat(heard).containsExactly(Subjects.control(POOL, "pod-1"));
      assertThat(heartbeats).containsExactly(Subjects.heartbeat(POOL, "pod-1"));
    }
  }

  @Test
  void agentsOfOnePoolAskEachOtherAndNobodyElseListens() throws Exception {
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    Queue<String> overheard = new ConcurrentLinkedQueue<>();
    try (var asking = new NatsTransport(server.agent(POOL, "pod-1"));
        var asked = new NatsTransport(server.agent(POOL, "pod-2"));
        var curious = new NatsTransport(server.agent(POOL, "pod-3"));
        var stranger = new NatsTransport(server.agent("elsewhere", "pod-2"))) {
      asked.subscribe(Subjects.ask(POOL, "pod-2"), (subject, e) -> heard.add(subject));
      asking.subscribe(Subjects.opinion(POOL, "pod-1"), (subject, e) -> heard.add(subject));
      for (var other : List.of(curious, stranger)) {
        other.subscribe(Subjects.ask(POOL, "pod-2"), (subject, e) -> overheard.add(subject));
        other.subscribe(Subjects.opinion(POOL, "*"), (subject, e) -> overheard.add(subject));
        other.flush(Duration.ofSeconds(2));
      }
      assertThat(asked.flush(Duration.ofSeconds(2))).isTrue();
      assertThat(asking.flush(Duration.ofSeconds(2))).isTrue();

      stranger.publish(Subjects.ask(POOL, "pod-2"), wanted());
      stranger.publish(Subjects.opinion(POOL, "pod-1"), wanted());
      assertThat(stranger.flush(Duration.ofSeconds(2))).isTrue();
      asking.publish(Subjects.ask(POOL, "pod-2"), wanted());
      asked.publish(Subjects.opinion(POOL, "pod-1"), wanted());
      Awaitility.await().until(() -> heard.size() >= 2);
      assertThat(heard)
          .containsExactlyInAnyOrder(Subjects.ask(POOL, "pod-2"), Subjects.opinion(POOL, "pod-1"));
      assertThat(overheard).isEmpty();
    }
  }

  @Test
  void damagedMessagesAreCountedAndDropped() {
    Queue<Envelope> heard = new ConcurrentLinkedQueue<>();
    operator.subscribe(Subjects.ALL_HEARTBEATS, (subject, envelope) -> heard.add(envelope));
    admin.publish("hb.x.y", new byte[] {9, 9});
    operator.publish("hb.x.y", wanted());
    Awaitility.await().until(() -> heard.size() == 1);
    assertThat(operator.malformed()).isEqualTo(1);
  }

  @Test
  void aForeignKeyIsRefusedAtOnce() throws Exception {
    var stranger = NatsAccounts.generate(CLOCK);
    var credentials = stranger.agent(POOL, "pod-1", Duration.ofHours(1), CLOCK);
    assertThatThrownBy(
            () ->
                NatsConnection.open(
                    List.of(server.url()),
                    credentials,
                    "pod-1",
                    Duration.ofSeconds(30),
                    line -> {}))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("refused the credentials of pod-1");
  }

  @Test
  void credentialsThatCannotBeHadAreNoReasonToTryAgain() {
    SeedAuth auth =
        SeedAuth.opening(
            () -> {
              throw new IllegalArgumentException("sealed under another key");
            });
    assertThatThrownBy(
            () ->
                NatsConnection.connect(
                    List.of(server.url()), null, auth, "pod-1", Duration.ofMinutes(10), line -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sealed under another key");
  }

  @Test
  void aServerThatComesBackFindsItsClientsAgain() throws Exception {
    new NatsWorkAdmin(admin).ensurePool(POOL, "agents", WorkAdmin.Limits.DEFAULT);
    try (NatsConnection connection = server.agent(POOL, "pod-1")) {
      var lane = new NatsWorkLane(connection, POOL, "pod-1");
      var agent = new NatsTransport(connection);
      Queue<Envelope> heard = new ConcurrentLinkedQueue<>();
      agent.subscribe(Subjects.control(POOL, "pod-1"), (subject, envelope) -> heard.add(envelope));
      var task = new Task(MessageIds.newTaskId(), "x", 1);
      lane.submit(task, Priority.NORMAL);
      assertThat(lane.fetch(Priority.HIGH, 1, Duration.ZERO)).isEmpty();
      assertThat(agent.connectedFor()).isPositive();

      server.kill();
      Awaitility.await().until(() -> !agent.connected());
      assertThat(agent.connectedFor()).isZero();
      assertThat(agent.flush(SHORTLY)).isFalse();
      assertThatThrownBy(() -> agent.publish(Subjects.heartbeat(POOL, "pod-1"), wanted()))
          .isInstanceOf(TransportException.class);
      assertThatThrownBy(() -> lane.fetch(Priority.NORMAL, 1, SHORTLY))
          .isInstanceOf(TransportException.class);

      server.start();
      Awaitility.await().until(() -> agent.connectedFor().isPositive());
      Awaitility.await()
          .ignoreExceptionsInstanceOf(TransportException.class)
          .until(() -> fetched(lane, task));
      Awaitility.await().until(() -> operator.connected());
      operator.publish(Subjects.control(POOL, "pod-1"), wanted());
      Awaitility.await().until(() -> !heard.isEmpty());
    }
  }

  /** However often it is asked: an agent goes by that whether it may have been replaced. */
  @Test
  void aServerThatHangsHasReceivedNothing() throws Exception {
    try (NatsConnection connection = server.agent(POOL, "pod-1")) {
      var agent = new NatsTransport(connection);
      assertThat(agent.flush(Duration.ofSeconds(5))).isTrue();
      server.freeze();
      try {
        for (int i = 0; i < 12; i++) {
          assertThat(agent.flush(Duration.ofMillis(50))).as("flush %d", i).isFalse();
        }
      } finally {
        server.thaw();
      }
      Awaitility.await().until(() -> agent.flush(Duration.ofSeconds(1)));
    }
  }

  @Test
  void renewedCredentialsCarryAConnectionOverTheirExpiry() throws Exception {
    var first = server.accounts().agent(POOL, "pod-1", Duration.ofSeconds(10), CLOCK);
    var next = server.accounts().agent(POOL, "pod-1", Duration.ofHours(1), CLOCK);
    assertThat(first.expiry()).isBefore(next.expiry());
    try (var renewed = open(first);
        var left = open(first)) {
      var agent = new NatsTransport(renewed);
      Queue<Envelope> heard = new ConcurrentLinkedQueue<>();
      agent.subscribe(Subjects.control(POOL, "pod-1"), (subject, envelope) -> heard.add(envelope));
      renewed.renew(next);
      Awaitility.await().until(() -> renewed.connectedFor().isPositive());
      Awaitility.await("end of the connection that was not renewed")
          .atMost(Duration.ofSeconds(30))
          .until(left::closed);
      assertThat(renewed.connectedFor()).isPositive();
      assertThat(agent.flush(Duration.ofSeconds(5))).isTrue();
      operator.publish(Subjects.control(POOL, "pod-1"), wanted());
      Awaitility.await().until(() -> !heard.isEmpty());
    }
  }

  private NatsConnection open(Credentials credentials) throws InterruptedException {
    return NatsConnection.open(
        List.of(server.url()), credentials, "pod-1", Duration.ofSeconds(5), line -> {});
  }

  private static boolean fetched(WorkLane lane, Task task) throws InterruptedException {
    return lane.fetch(Priority.NORMAL, 1, Duration.ofSeconds(1)).stream()
        .anyMatch(delivery -> delivery.task().equals(task));
  }

  @Test
  void streamsAreMadeOnceUpdatedListedAndRemoved() throws Exception {
    var work = new NatsWorkAdmin(admin);
    work.ensurePool("one", "agents", WorkAdmin.Limits.DEFAULT);
    work.ensurePool("one", "agents", WorkAdmin.Limits.DEFAULT);
    assertThat(work.namespaceOf("one")).hasValue("agents");
    work.ensurePool("one", "tools", new WorkAdmin.Limits(1 << 20, 1 << 20, 60));
    assertThat(work.namespaceOf("one")).hasValue("tools");
    assertThat(work.namespaceOf("absent")).isEmpty();
    work.ensurePool("two", "agents", WorkAdmin.Limits.DEFAULT);
    assertThat(work.pools()).containsExactly("one", "two");
    assertThat(admin.nats().jetStreamManagement().getStreamInfo("R-one").getConfiguration())
        .satisfies(
            configuration -> {
              assertThat(configuration.getMaxBytes()).isEqualTo(1 << 20);
              assertThat(configuration.getMaxAge()).isEqualTo(Duration.ofSeconds(60));
            });
    new NatsWorkLane(admin, "one", "admin")
        .submit(new Task(MessageIds.newTaskId(), "x", 1), Priority.LOW);
    assertThat(work.backlog("one")).isEqualTo(1);
    assertThat(work.backlog("absent")).isZero();
    work.removePool("one");
    work.removePool("one");
    assertThat(work.pools()).containsExactly("two");
  }

  private static Envelope wanted() {
    return new Messages("test")
        .wrap(
            MessageType.WANTED_STATE,
            Priority.EMERGENCY,
            0,
            new WantedState("uid", Role.SPARE, null, 0, "Test"));
  }
}

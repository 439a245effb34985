package dev.strata.agent;

import static dev.strata.agent.TestPool.config;
import static dev.strata.agent.TestPool.exec;
import static dev.strata.agent.TestPool.java;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.agent.handler.Handlers;
import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.handler.TaskInput;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.Cancel;
import dev.strata.protocol.Envelope;
import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Role;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.TaskResult.Status;
import dev.strata.protocol.Telemetry;
import dev.strata.protocol.nats.NatsServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent does with tasks and with what the operator wants of it, in this JVM. */
class AgentTest {
  private static final String POD = "pool-x1";
  @TempDir static Path folder;
  private static NatsServer server;

  @TempDir Path work;
  private TestPool pool;
  private final List<Agent> agents = new ArrayList<>();

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
    pool = new TestPool(server);
  }

  @AfterEach
  void stopAgents() {
    agents.forEach(Agent::close);
    pool.close();
  }

  private Agent start(String pod, AgentConfig config) throws Exception {
    return start(pod, config, new Handlers(System.getenv(), config).find(null));
  }

  private Agent start(String pod, AgentConfig config, TaskHandler handler) throws Exception {
    var settings = AgentSettings.read(pool.environment(pod, config));
    Agent agent =
        Agent.start(
            settings,
            handler,
            new Startup(0, false, "test"),
            new Log(System.err, Clock.systemUTC()));
    agents.add(agent);
    return agent;
  }

  private Agent active(AgentConfig config) throws Exception {
    Agent agent = start(POD, config);
    pool.want(POD, Role.ACTIVE, "pool-0", 1);
    pool.awaitHeartbeat(POD, heartbeat -> heartbeat.role() == Role.ACTIVE);
    return agent;
  }

  @Test
  void aSpareTakesNothingAndAnActiveAgentWorks() throws Exception {
    start(POD, config(java("echo")));
    String task = pool.submit("hello");
    Heartbeat spare = pool.awaitHeartbeat(POD, heartbeat -> heartbeat.sequence() >= 2);
    assertThat(spare.role()).isEqualTo(Role.SPARE);
    assertThat(spare.suspect()).isFalse();
    assertThat(spare.slots()).isEqualTo(2);
    assertThat(pool.lane().result(task)).isEmpty();

    pool.want(POD, Role.ACTIVE, "pool-0", 7);
    TaskResult result = pool.result(task);
    assertThat(result.status()).isEqualTo(Status.DONE);
    assertThat(result.output()).isEqualTo("hello");
    assertThat(result.agent()).isEqualTo("pool-0");
    assertThat(result.epoch()).isEqualTo(7);
    assertThat(result.attempts()).isEqualTo(1);
    Awaitility.await().until(() -> pool.backlog() == 0);
    Heartbeat active = pool.awaitHeartbeat(POD, heartbeat -> heartbeat.done() == 1);
    assertThat(active.identity()).isEqualTo("pool-0");
    assertThat(active.taken()).isEqualTo(1);
  }

  @Test
  void aSecondIdentityIsRefused() throws Exception {
    active(config(java("echo")));
    pool.want(POD, Role.ACTIVE, "pool-1", 1);
    pool.want(POD, Role.ACTIVE, "pool-0", 2);
    pool.want(POD, Role.SPARE, null, 0);
    long seen = pool.heartbeats(POD).getLast().sequence();
    Heartbeat after = pool.awaitHeartbeat(POD, heartbeat -> heartbeat.sequence() >= seen + 2);
    assertThat(after.role()).isEqualTo(Role.ACTIVE);
    assertThat(after.identity()).isEqualTo("pool-0");
    assertThat(after.epoch()).isEqualTo(1);
  }

  @Test
  void urgentTasksGoFirst() throws Exception {
    List<String> tasks = new ArrayList<>();
    for (Priority priority : List.of(Priority.LOW, Priority.NORMAL, Priority.HIGH)) {
      for (int i = 0; i < 3; i++) {
        tasks.add(pool.submit("20", priority));
      }
    }
    var one = new AgentConfig(java("sleep"), 1, 1000, 3, 10, 40, 2000, 10_000);
    active(one);
    List<Long> starts = new ArrayList<>();
    for (String task : tasks) {
      starts.add(pool.result(task).startedAtMillis());
    }
    assertThat(starts.subList(6, 9)).allMatch(start -> start < starts.get(3));
    assertThat(starts.subList(3, 6)).allMatch(start -> start < starts.get(0));
  }

  @Test
  void aFailingTaskIsTriedAgainAndThenGivenUp() throws Exception {
    active(config(exec("sh", "-c", "cat; echo no luck >&2; exit 3")));
    String task = pool.submit("x");
    TaskResult result = pool.result(task);
    assertThat(result.status()).isEqualTo(Status.FAILED);
    assertThat(result.attempts()).isEqualTo(3);
    assertThat(result.error()).isEqualTo("ExitStatus: 3: no luck");
    assertThat(pool.lane().deadLetter(task)).isPresent();
    assertThat(pool.lane().attempt(task).orElseThrow().failed()).isEqualTo(2);
    Awaitility.await().until(() -> pool.backlog() == 0);
    pool.awaitHeartbeat(POD, heartbeat -> heartbeat.failedAttempts() == 3);
  }

  @Test
  void theLargestTaskIsGivenUpLikeAnyOther() throws Exception {
    var once =
        new AgentConfig(
            exec("sh", "-c", "cat > /dev/null; exit 1"), 1, 5000, 1, 10, 40, 2000, 10_000);
    active(once);
    String input = "x".repeat(Envelope.MAX_PAYLOAD_BYTES - 100);
    String task = pool.submit(input);
    assertThat(pool.result(task).status()).isEqualTo(Status.FAILED);
    assertThat(pool.lane().deadLetter(task).orElseThrow().task().input()).isEqualTo(input);
    Awaitility.await().until(() -> pool.backlog() == 0);
  }

  @Test
  void aTaskThatAnotherAgentHasDoneIsNotGivenUp() throws Exception {
    Path stored = work.resolve("stored");
    var once =
        new AgentConfig(
            exec("sh", "-c", "while [ ! -e " + stored + " ]; do sleep 0.05; done; exit 1"),
            1,
            60_000,
            1,
            10,
            40,
            2000,
            5000);
    active(once);
    String task = pool.submit("x");
    pool.awaitHeartbeat(POD, heartbeat -> heartbeat.inFlight() == 1);
    TaskResult done =
        new TaskResult(task, Status.DONE, "y", null, 1, 1, "pool-1", 1, "other", 1, 2, 3);
    assertThat(pool.lane().storeResult(done)).isTrue();
    Files.createFile(stored);
    Awaitility.await().until(() -> pool.backlog() == 0);
    assertThat(pool.result(task)).isEqualTo(done);
    assertThat(pool.lane().deadLetter(task)).isEmpty();
  }

  @Test
  void anErrorOfTheHandlerIsItsFailure() throws Exception {
    var broken =
        new TaskHandler() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public String handle(TaskInput input) {
            throw new InternalError("a page cannot be read");
          }
        };
    start(POD, config(java("broken")), broken);
    pool.want(POD, Role.ACTIVE, "pool-0", 1);
    for (int i = 0; i < 3; i++) {
      TaskResult result = pool.result(pool.submit("x"));
      assertThat(result.error()).isEqualTo("HandlerError: InternalError: a page cannot be read");
      assertThat(result.attempts()).isEqualTo(3);
    }
  }

  @Test
  void anIncorrectOutputIsCountedOnceAndStored() throws Exception {
    var counted = new CopyOnWriteArrayList<Map<String, Telemetry.Growth>>();
    pool.transport()
        .subscribe(
            Subjects.telemetry(pool.uid(), POD),
            (subject, message) ->
                counted.add(
                    Messages.read(message, MessageType.TELEMETRY, Telemetry.class).events()));
    active(config(java("echo"), new AgentConfig.Validation("[a-z]+", null, false, 0, null, false)));
    assertThat(pool.result(pool.submit("fine")).status()).isEqualTo(Status.DONE);
    assertThat(pool.result(pool.submit("WRONG")).output()).isEqualTo("WRONG");
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(counted).isNotEmpty();
              Telemetry.Growth accuracy = counted.getLast().get("accuracy");
              assertThat(accuracy.first()).isEqualTo(1);
              assertThat(accuracy.second()).isEqualTo(2);
              assertThat(counted.getLast().get("accuracy-judged").first()).isEqualTo(2);
            });
  }

  @Test
  void anIncorrectOutputFailsWhereThePoolWantsIt() throws Exception {
    active(config(java("echo"), new AgentConfig.Validation(null, "{}", false, 0, null, true)));
    assertThat(pool.result(pool.submit("{}")).status()).isEqualTo(Status.DONE);
    TaskResult result = pool.result(pool.submit("{"));
    assertThat(result.status()).isEqualTo(Status.FAILED);
    assertThat(result.attempts()).isEqualTo(3);
    assertThat(result.error()).startsWith("ValidationFailed: the output is no JSON");
  }

  @Test
  void aTimeoutEndsTheWholeTree() throws Exception {
    Path pid = work.resolve("pid");
    var config =
        new AgentConfig(
            exec("sh", "-c", "sleep 60 & echo $! > " + pid + "; wait"),
            1,
            5000,
            1,
            10,
            40,
            2000,
            10_000);
    active(config);
    TaskResult result = pool.result(pool.submit("x"));
    assertThat(result.error()).startsWith("Timeout: the handler gave no output within 5000 ms");
    long grandchild = Long.parseLong(Files.readString(pid).strip());
    Awaitility.await().until(() -> ProcessHandle.of(grandchild).isEmpty());
  }

  @Test
  void aHandlerThatIgnoresItsInterruptIsAbandoned() throws Exception {
    var config = new AgentConfig(java("stubborn"), 1, 100, 1, 10, 40, 200, 10_000);
    Agent agent = active(config);
    for (int i = 0; i < 3; i++) {
      assertThat(pool.result(pool.submit("x")).error()).startsWith("Timeout: ");
    }
    assertThat(HttpProbe.get(agent, "/healthz").statusCode()).isEqualTo(503);
    StubbornHandler.release();
    Awaitility.await().until(() -> HttpProbe.get(agent, "/healthz").statusCode() == 200);
  }

  @Test
  void aCancelledTaskEnds() throws Exception {
    active(new AgentConfig(java("sleep"), 1, 60_000, 3, 10, 40, 2000, 10_000));
    String task = pool.submit("50000");
    pool.awaitHeartbeat(POD, heartbeat -> heartbeat.inFlight() == 1);
    pool.transport()
        .publish(
            Subjects.cancel(pool.uid()),
            new Messages("test").wrap(MessageType.CANCEL, Priority.EMERGENCY, 0, new Cancel(task)));
    assertThat(pool.result(task).status()).isEqualTo(Status.CANCELLED);
    Awaitility.await().until(() -> pool.backlog() == 0);
    assertThat(pool.result(pool.submit("1")).status()).isEqualTo(Status.DONE);
  }

  @Test
  void aDrainingAgentFinishesAndTakesNothingNew() throws Exception {
    active(new AgentConfig(java("sleep"), 1, 60_000, 3, 10, 40, 20_000, 10_000));
    String running = pool.submit("3000");
    pool.awaitHeartbeat(POD, heartbeat -> heartbeat.inFlight() == 1);
    pool.want(POD, Role.DRAINING, null, 0);
    String later = pool.submit("1");
    pool.awaitHeartbeat(POD, Heartbeat::drained);
    assertThat(pool.result(running).status()).isEqualTo(Status.DONE);
    assertThat(pool.lane().result(later)).isEmpty();
  }

  @Test
  void whatCannotBeFinishedInTimeIsHandedBackAtOnce() throws Exception {
    Agent agent = active(new AgentConfig(java("sleep"), 1, 60_000, 3, 10, 40, 100, 10_000));
    String task = pool.submit("30000");
    pool.awaitHeartbeat(POD, heartbeat -> heartbeat.inFlight() == 1);
    agent.close();
    var again = pool.lane().fetch(Priority.NORMAL, 1, Duration.ofSeconds(2));
    assertThat(again).singleElement().satisfies(d -> assertThat(d.task().id()).isEqualTo(task));
    pool.awaitHeartbeat(POD, Heartbeat::drained);
  }

  @Test
  void aFencedAgentStoresNothingAndEnds() throws Exception {
    Agent agent = active(new AgentConfig(java("sleep"), 1, 60_000, 3, 10, 40, 2000, 10_000));
    String task = pool.submit("3000");
    pool.awaitHeartbeat(POD, heartbeat -> heartbeat.inFlight() == 1);
    pool.want(POD, Role.FENCED, null, 0);
    assertThat(agent.awaitEnd()).isZero();
    agent.close();
    pool.awaitHeartbeat(POD, heartbeat -> heartbeat.role() == Role.FENCED);
    assertThat(pool.lane().awaitResult(task, Duration.ofSeconds(4))).isEmpty();
    assertThat(pool.lane().attempt(task)).isEmpty();
  }

  @Test
  void tasksAreSharedAndNoneIsLost() throws Exception {
    active(config(java("echo")));
    start("pool-x2", config(java("echo")));
    pool.want("pool-x2", Role.ACTIVE, "pool-1", 1);
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      tasks.add(pool.submit("n" + i));
    }
    for (String task : tasks) {
      assertThat(pool.result(task).deliveries()).isEqualTo(1);
    }
    Awaitility.await().until(() -> pool.backlog() == 0);
  }
}

package dev.strata.agent;

import static dev.strata.agent.TestPool.exec;
import static dev.strata.agent.TestPool.java;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.agent.handler.Handlers;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Opinion;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Role;
import dev.strata.protocol.SecondOpinion;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.TaskResult.Status;
import dev.strata.protocol.Telemetry;
import dev.strata.protocol.nats.NatsServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents of one pool that judge each other's outputs, in this JVM. */
class MajorityTest {
  private static final AgentConfig.Handler DIFFERENT_EACH_TIME =
      exec("sh", "-c", "cat > /dev/null; echo $$");

  @TempDir static Path folder;
  private static NatsServer server;

  private TestPool pool;
  private final List<Agent> agents = new ArrayList<>();
  private final Map<String, Telemetry> told = new ConcurrentHashMap<>();

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
    pool.transport()
        .subscribe(
            Subjects.telemetry(pool.uid(), "*"),
            (subject, message) ->
                told.put(
                    Subjects.podOf(subject),
                    Messages.read(message, MessageType.TELEMETRY, Telemetry.class)));
  }

  @AfterEach
  void stopAgents() {
    agents.forEach(Agent::close);
    pool.close();
  }

  private static AgentConfig config(AgentConfig.Handler handler, int concurrency, boolean failing) {
    var validation = new AgentConfig.Validation(null, null, false, 3, null, failing);
    return new AgentConfig(handler, concurrency, 10_000, 2, 10, 40, 500, 10_000, validation);
  }

  /** Active agents that know each other. */
  private void active(int count, AgentConfig config) throws Exception {
    List<String> pods = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String pod = "pool-x" + i;
      pods.add(pod);
      agents.add(
          Agent.start(
              AgentSettings.read(pool.environment(pod, config)),
              new Handlers(System.getenv(), config).find(null),
              new Startup(0, false, "test"),
              new Log(System.err, Clock.systemUTC())));
      pool.want(pod, Role.ACTIVE, "pool-" + i, 1);
      pool.awaitHeartbeat(pod, heartbeat -> heartbeat.role() == Role.ACTIVE);
    }
    for (String pod : pods) {
      var peers =
          pods.stream()
              .filter(peer -> !peer.equals(pod))
              .map(peer -> new Telemetry.Peer(peer, "node-1"))
              .toList();
      var wanted = new Telemetry.Wanted(Map.of(), peers);
      pool.transport()
          .publish(
              Subjects.control(pool.uid(), pod),
              new Messages("test").wrap(MessageType.WANTED_TELEMETRY, Priority.HIGH, 1, wanted));
      Awaitility.await()
          .until(() -> told.containsKey(pod) && told.get(pod).wanted() == wanted.version());
    }
  }

  /** What all agents together tell of a signal in the end. */
  private void counted(String signal, long good, long all) {
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(sum(signal, Telemetry.Growth::second)).isEqualTo(all);
              assertThat(sum(signal, Telemetry.Growth::first)).isEqualTo(good);
            });
  }

  /** Asks an agent as a peer of this name does. */
  private void ask(String pod, String from, String input) {
    var question = new SecondOpinion(MessageIds.newTaskId(), from, "task", input, 1);
    pool.transport()
        .publish(
            Subjects.ask(pool.uid(), pod),
            new Messages(from).wrap(MessageType.SECOND_OPINION, Priority.NORMAL, 1, question));
  }

  /** What agents answer to all who ask. */
  private List<Opinion> opinions() {
    List<Opinion> heard = new CopyOnWriteArrayList<>();
    pool.transport()
        .subscribe(
            Subjects.opinion(pool.uid(), "*"),
            (subject, message) ->
                heard.add(Messages.read(message, MessageType.OPINION, Opinion.class)));
    return heard;
  }

  private long sum(String signal, ToLongFunction<Telemetry.Growth> part) {
    return told.values().stream().mapToLong(t -> part.applyAsLong(t.events().get(signal))).sum();
  }

  @Test
  void whatAllAgentsGiveIsCorrect() throws Exception {
    active(3, config(java("echo"), 2, false));
    for (int i = 0; i < 5; i++) {
      String input = "word " + i;
      assertThat(pool.result(pool.submit(input)).output()).isEqualTo(input);
    }
    counted("accuracy", 5, 5);
    counted("accuracy-judged", 5, 5);
    Awaitility.await().until(() -> pool.backlog() == 0);
  }

  @Test
  void whatNobodyElseGivesIsIncorrectAndStored() throws Exception {
    active(3, config(DIFFERENT_EACH_TIME, 2, false));
    assertThat(pool.result(pool.submit("x")).status()).isEqualTo(Status.DONE);
    counted("accuracy", 0, 1);
  }

  @Test
  void whatNobodyElseGivesFailsWhereThePoolWantsIt() throws Exception {
    active(3, config(DIFFERENT_EACH_TIME, 2, true));
    TaskResult result = pool.result(pool.submit("x"));
    assertThat(result.status()).isEqualTo(Status.FAILED);
    assertThat(result.attempts()).isEqualTo(2);
    assertThat(result.error()).isEqualTo("ValidationFailed: 2 of 3 agents gave another output");
    counted("accuracy", 0, 1);
  }

  @Test
  void anAgentAloneIsNotJudged() throws Exception {
    active(1, config(java("echo"), 2, true));
    assertThat(pool.result(pool.submit("x")).status()).isEqualTo(Status.DONE);
    counted("accuracy-judged", 0, 1);
    counted("accuracy", 0, 0);
  }

  @Test
  void whoHasNoFreeSlotSaysSoAtOnce() throws Exception {
    active(1, config(java("sleep"), 1, true));
    List<Opinion> heard = opinions();
    ask("pool-x0", "curious", "1500");
    ask("pool-x0", "curious", "1");
    Awaitility.await().until(() -> heard.size() == 2);
    assertThat(heard).extracting(Opinion::output).containsExactly(null, "1500");
    assertThat(heard).extracting(Opinion::from).containsOnly("pool-x0");
    assertThat(pool.backlog()).isZero();
  }

  @Test
  void whatFailsOrTakesTooLongIsNoVote() throws Exception {
    active(1, config(java("sleep"), 2, true));
    List<Opinion> heard = opinions();
    ask("pool-x0", "not.a.pod", "1");
    ask("pool-x0", "curious", "no number");
    ask("pool-x0", "curious", "60000");
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> heard.size() == 2);
    assertThat(heard).extracting(Opinion::output).containsOnlyNulls();
  }

  @Test
  void whoDrainsExecutesNothingMoreForOthers() throws Exception {
    active(1, config(java("echo"), 1, true));
    List<Opinion> heard = opinions();
    pool.want("pool-x0", Role.DRAINING, null, 0);
    pool.awaitHeartbeat("pool-x0", heartbeat -> heartbeat.role() == Role.DRAINING);
    ask("pool-x0", "curious", "x");
    Awaitility.await().until(() -> !heard.isEmpty());
    assertThat(heard).extracting(Opinion::output).containsOnlyNulls();
  }

  @Test
  void agentsWithoutAFreeSlotDoNotWaitForEachOther() throws Exception {
    active(3, config(java("sleep"), 1, true));
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      tasks.add(pool.submit("50"));
    }
    for (String task : tasks) {
      assertThat(pool.result(task).status()).isEqualTo(Status.DONE);
    }
    Awaitility.await().until(() -> sum("accuracy-judged", Telemetry.Growth::second) == 9);
  }
}

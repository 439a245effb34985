package dev.strata.agent;

import static dev.strata.agent.TestPool.exec;
import static dev.strata.agent.TestPool.java;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.agent.handler.Handlers;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Role;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.TaskResult.Status;
import dev.strata.protocol.Telemetry;
import dev.strata.protocol.nats.NatsServer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent whose outputs an agent of another pool judges, in this JVM. */
class VerificationTest {
  private static final AgentConfig.Handler NEVER_CONTENT =
      exec("sh", "-c", "cat > /dev/null; echo false");
  private static final AgentConfig.Handler KEEN_ON_WORDS =
      exec("sh", "-c", "grep -q word && echo true || echo false");

  @TempDir static Path folder;
  private static NatsServer server;

  private TestPool judged;
  private TestPool judging;
  private final List<Agent> agents = new ArrayList<>();
  private final AtomicReference<Telemetry> told = new AtomicReference<>();

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
  void makePools() throws Exception {
    judged = new TestPool(server);
    judging = new TestPool(server);
    judged
        .transport()
        .subscribe(
            Subjects.telemetry(judged.uid(), "*"),
            (subject, message) ->
                told.set(Messages.read(message, MessageType.TELEMETRY, Telemetry.class)));
  }

  @AfterEach
  void stopAgents() {
    agents.forEach(Agent::close);
    judged.close();
    judging.close();
  }

  private void active(TestPool pool, String pod, AgentConfig config) throws Exception {
    agents.add(
        Agent.start(
            AgentSettings.read(pool.environment(pod, config)),
            new Handlers(System.getenv(), config).find(null),
            new Startup(0, false, "test"),
            new Log(System.err, Clock.systemUTC())));
    pool.want(pod, Role.ACTIVE, pod + "-0", 1);
    pool.awaitHeartbeat(pod, heartbeat -> heartbeat.role() == Role.ACTIVE);
  }

  private void agentsOf(AgentConfig.Handler verifier, boolean failing) throws Exception {
    var validation = new AgentConfig.Validation(null, null, false, 0, judging.uid(), failing);
    active(judging, "judging", new AgentConfig(verifier, 2, 10_000, 1, 10, 40, 500, 10_000));
    active(
        judged,
        "judged",
        new AgentConfig(java("echo"), 2, 10_000, 2, 10, 40, 500, 10_000, validation));
    var wanted = new Telemetry.Wanted(Map.of(), List.of());
    judged
        .transport()
        .publish(
            Subjects.control(judged.uid(), "judged"),
            new Messages("test").wrap(MessageType.WANTED_TELEMETRY, Priority.HIGH, 1, wanted));
  }

  private void counted(long good, long all) {
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(told.get()).isNotNull();
              Telemetry.Growth accuracy = told.get().events().get("accuracy");
              assertThat(accuracy).isNotNull();
              assertThat(accuracy.second()).isEqualTo(all);
              assertThat(accuracy.first()).isEqualTo(good);
            });
  }

  @Test
  void theOtherPoolsWordIsCounted() throws Exception {
    agentsOf(KEEN_ON_WORDS, false);
    assertThat(judged.result(judged.submit("a word")).output()).isEqualTo("a word");
    assertThat(judged.result(judged.submit("a number")).status()).isEqualTo(Status.DONE);
    counted(1, 2);
    Awaitility.await().until(() -> judging.backlog() == 0);
  }

  @Test
  void anIncorrectOutputFailsWhereThePoolWantsIt() throws Exception {
    agentsOf(NEVER_CONTENT, true);
    TaskResult result = judged.result(judged.submit("x"));
    assertThat(result.status()).isEqualTo(Status.FAILED);
    assertThat(result.attempts()).isEqualTo(2);
    assertThat(result.error())
        .isEqualTo("ValidationFailed: the verifier pool says that the output is not correct");
    counted(0, 1);
  }

  @Test
  void whoEndsWaitsForNoJudgement() throws Exception {
    var validation = new AgentConfig.Validation(null, null, false, 0, judging.uid(), true);
    active(
        judged,
        "judged",
        new AgentConfig(java("echo"), 2, 60_000, 2, 10, 40, 500, 10_000, validation));
    String task = judged.submit("x");
    Awaitility.await().until(() -> judging.backlog() == 1);
    long began = System.nanoTime();
    agents.getFirst().close();
    assertThat(System.nanoTime() - began).isLessThan(20_000_000_000L);
    assertThat(judged.lane().result(task).isPresent() || judged.backlog() == 1).isTrue();
  }
}

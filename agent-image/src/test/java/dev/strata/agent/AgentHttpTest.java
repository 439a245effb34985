package dev.strata.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.strata.agent.handler.Handlers;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Role;
import dev.strata.protocol.nats.NatsServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The task API as a user sees it. */
class AgentHttpTest {
  private static final String POD = "pool-x1";

  @TempDir Path folder;
  private NatsServer server;
  private TestPool pool;
  private Agent agent;

  @BeforeEach
  void start() throws Exception {
    server = NatsServer.start(folder);
    pool = new TestPool(server);
    var config = new AgentConfig(TestPool.java("sleep"), 1, 60_000, 1, 10, 40, 500, 10_000);
    agent =
        Agent.start(
            AgentSettings.read(pool.environment(POD, config)),
            new Handlers(System.getenv(), config).find(null),
            new Startup(0, false, "test"),
            new Log(System.err, Clock.systemUTC()));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      agent.close();
      pool.close();
      server.close();
    }
  }

  private void activate() {
    pool.want(POD, Role.ACTIVE, "pool-0", 1);
    pool.awaitHeartbeat(POD, heartbeat -> heartbeat.role() == Role.ACTIVE);
  }

  private HttpRequest.Builder tasks(String rest) {
    return HttpProbe.request(agent, "/v1/tasks" + rest)
        .header("Authorization", "Bearer " + TestPool.TOKEN);
  }

  private HttpResponse<String> post(String body, String... headers) throws Exception {
    var request =
        tasks("")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpProbe.send(request.build());
  }

  private static JsonNode json(HttpResponse<String> response) throws Exception {
    return Messages.mapper().readTree(response.body());
  }

  @Test
  void aTaskIsAnsweredWithItsResult() throws Exception {
    activate();
    HttpResponse<String> response =
        post("{\"input\":{\"millis\":5}}", "Idempotency-Key", "order 1");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).path("output").asText()).isEqualTo("{\"millis\":5}");
    String id = json(response).path("id").asText();

    // Sent again under the same key it is the same task, executed once.
    HttpResponse<String> again = post("{\"input\":\"7\"}", "Idempotency-Key", "order 1");
    assertThat(again.body()).isEqualTo(response.body());
    assertThat(HttpProbe.send(tasks("/" + id).build()).body()).isEqualTo(response.body());
    assertThat(pool.heartbeats(POD).getLast().taken()).isLessThanOrEqualTo(1);
  }

  @Test
  void aTaskIsStoredBeforeItIsExecutedAndCanBeCancelled() throws Exception {
    HttpResponse<String> response = post("{\"input\":\"5\"}", "Prefer", "respond-async");
    assertThat(response.statusCode()).isEqualTo(202);
    String location = response.headers().firstValue("Location").orElseThrow();
    String rest = location.substring("/v1/tasks".length());
    assertThat(pool.backlog()).isEqualTo(1);
    assertThat(HttpProbe.send(tasks(rest).build()).statusCode()).isEqualTo(202);
    assertThat(post("{\"input\":\"5\"}", "Prefer", "wait=0").statusCode()).isEqualTo(202);

    HttpResponse<String> cancelled = HttpProbe.send(tasks(rest).DELETE().build());
    assertThat(cancelled.statusCode()).isEqualTo(200);
    assertThat(json(cancelled).path("status").asText()).isEqualTo("CANCELLED");
    assertThat(pool.removeEnded(rest.substring(1))).as("the operator's part").isTrue();
    assertThat(pool.backlog()).isEqualTo(1);
  }

  @Test
  void aRunningTaskIsCancelled() throws Exception {
    activate();
    HttpResponse<String> response = post("{\"input\":\"50000\"}", "Prefer", "respond-async");
    pool.awaitHeartbeat(POD, heartbeat -> heartbeat.inFlight() == 1);
    String rest = "/" + json(response).path("id").asText();
    assertThat(HttpProbe.send(tasks(rest).DELETE().build()).statusCode()).isEqualTo(200);
    pool.awaitHeartbeat(POD, heartbeat -> heartbeat.inFlight() == 0);
    assertThat(pool.backlog()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense             | 400 | the body is no JSON",
        "[1]                  | 400 | the body is no JSON object; write {\\\"input\\\"",
        "{}                   | 400 | the field input is missing",
        "{\"input\":1,\"priority\":\"top\"} | 400 | write high, normal or low",
      })
  void badBodiesAreRefusedWithASentence(String body, int status, String sentence) throws Exception {
    HttpResponse<String> response = post(body);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).contains(sentence);
  }

  @Test
  void badRequestsAreRefusedWithASentence() throws Exception {
    assertThat(HttpProbe.send(HttpProbe.request(agent, "/v1/tasks").build()).statusCode())
        .isEqualTo(401);
    assertThat(HttpProbe.send(tasks("").build()).statusCode()).isEqualTo(405);
    assertThat(HttpProbe.send(tasks("/xyz").build()).body()).contains("32 hexadecimal digits");
    assertThat(HttpProbe.send(tasks("/" + "0".repeat(32)).build()).statusCode()).isEqualTo(404);
    assertThat(post("{\"input\":1}", "Prefer", "wait=soon").statusCode()).isEqualTo(400);
    assertThat(post("{\"input\":1}", "Idempotency-Key", "k".repeat(201)).statusCode())
        .isEqualTo(400);
    assertThat(post("{\"input\":\"" + "x".repeat(1_000_000) + "\"}").statusCode()).isEqualTo(413);
    var form =
        tasks("")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    assertThat(HttpProbe.send(form.build()).statusCode()).isEqualTo(415);
  }

  @Test
  void healthAndMetricsNeedNoToken() throws Exception {
    assertThat(HttpProbe.get(agent, "/healthz").statusCode()).isEqualTo(200);
    assertThat(HttpProbe.get(agent, "/readyz").statusCode()).isEqualTo(200);
    assertThat(HttpProbe.get(agent, "/metrics").body())
        .contains("strata_agent_tasks_total{status=\"done\"}")
        .contains("strata_agent_connected 1");
  }

  @Test
  void whileTheServerIsAwayNothingIsPromised() throws Exception {
    server.kill();
    Awaitility.await().until(() -> HttpProbe.get(agent, "/readyz").statusCode() == 503);
    HttpResponse<String> response = post("{\"input\":\"1\"}");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("nothing is known to be stored");
  }
}

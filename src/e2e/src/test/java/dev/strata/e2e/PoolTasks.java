package dev.strata.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Task;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.nats.NatsConnection;
import dev.strata.protocol.nats.NatsWorkLane;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/** Sends tasks to a pool as a user does, over HTTP to its agents or over NATS. */
final class PoolTasks implements AutoCloseable {
  static final int AGENT_PORT = 8080;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(45);

  private final Story story;
  private final String pool;
  private final String token;
  private final HttpClient http = HttpClient.newHttpClient();
  private final NatsConnection connection;
  private final NatsWorkLane lane;

  /** An agent's answer. */
  record Answer(int status, JsonNode body) {
    String id() {
      return body.path("id").asText();
    }
  }

  PoolTasks(Story story, String pool) {
    this.story = story;
    this.pool = pool;
    String secret =
        story
            .client()
            .secrets()
            .inNamespace(story.namespace())
            .withName(pool + "-agents")
            .require()
            .getData()
            .get("http-token");
    token = new String(Base64.getDecoder().decode(secret), StandardCharsets.UTF_8);
    try {
      connection =
          NatsConnection.open(
              List.of(story.cluster().natsUrl()),
              story.cluster().nats().authority(),
              story.cluster().accounts().administrator("e2e", Clock.systemUTC()),
              "e2e",
              LIMIT,
              line -> {});
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    lane = new NatsWorkLane(connection, story.pool(pool).getMetadata().getUid(), "e2e");
  }

  /** The pool's lane, with an administrator's rights. */
  NatsWorkLane lane() {
    return lane;
  }

  NatsConnection connection() {
    return connection;
  }

  /** Sends a task to an agent and waits for its result. */
  Answer post(String input, String... headers) {
    return post(anyAgent(), input, headers);
  }

  Answer post(Pod agent, String input, String... headers) {
    try {
      return send(
          request(agent, "")
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      JSON.writeValueAsString(Map.of("input", input)))),
          headers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer get(Pod agent, String id) {
    return send(request(agent, "/" + id).GET());
  }

  Answer cancel(String id) {
    return send(request(anyAgent(), "/" + id).DELETE());
  }

  private HttpRequest.Builder request(Pod agent, String path) {
    return HttpRequest.newBuilder(
            URI.create(
                "http://%s:%d/v1/tasks%s"
                    .formatted(agent.getStatus().getPodIP(), AGENT_PORT, path)))
        .timeout(LIMIT)
        .header("Authorization", "Bearer " + token);
  }

  private Answer send(HttpRequest.Builder request, String... headers) {
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Pod anyAgent() {
    return agents().getFirst();
  }

  /** The pods of the active agents; waits until the API says of all of them that they are ready. */
  List<Pod> agents() {
    List<Pod> agents = new ArrayList<>();
    Story.eventually(
        Story.PATIENCE,
        () -> {
          agents.clear();
          story.podsOf(pool).stream()
              .filter(pod -> "active".equals(pod.getMetadata().getLabels().get("strata.dev/role")))
              .filter(PoolCheck::ready)
              .forEach(agents::add);
          assertThat(agents)
              .as("ready pods of active agents of %s", pool)
              .hasSize(story.pool(pool).getSpec().replicas());
        });
    return agents;
  }

  /** Stores a task over NATS; gives its id. */
  String submit(String input) {
    String id = MessageIds.newTaskId();
    assertThat(lane.submit(new Task(id, input, System.currentTimeMillis()), Priority.NORMAL))
        .isEqualTo(NatsWorkLane.Submission.STORED);
    return id;
  }

  /** Waits for a result, also while NATS is away. */
  TaskResult result(String id) {
    return Awaitility.await("result of task " + id)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsInstanceOf(TransportException.class)
        .until(() -> lane.result(id), Optional::isPresent)
        .orElseThrow();
  }

  /** Submits over NATS and expects this output. */
  void answers(String input, String output) {
    TaskResult result = result(submit(input));
    assertThat(result.status()).as("%s", result).isEqualTo(TaskResult.Status.DONE);
    assertThat(result.output().strip()).isEqualTo(output);
  }

  @Override
  public void close() {
    connection.close();
    http.close();
  }
}

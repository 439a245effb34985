package dev.strata.e2e;

import static dev.strata.e2e.PoolDraft.pool;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.strata.protocol.TaskResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every kind of handler in a real agent, and what happens around a handler that fails. */
@SystemTest
final class HandlersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A request as a test's server sees it. */
  private record Asked(String path, String authorization, String body) {}

  private record Answer(int status, String body) {}

  /** A server on this machine, which the agents' processes can reach. */
  private static final class Backend implements AutoCloseable {
    private final HttpServer server;

    Backend(Function<Asked, Answer> answers) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              var asked =
                  new Asked(
                      exchange.getRequestURI().getPath(),
                      String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                      new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
              Answer answer = answers.apply(asked);
              byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(answer.status(), bytes.length);
              exchange.getResponseBody().write(bytes);
            }
          });
      server.start();
    }

    String url(String path) {
      return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  @Test
  void programStartedForEachTask(Story story) {
    story.given(pool("shout").exec("/bin/sh", "-c", "tr a-z A-Z"));
    story.tasks("shout").answers("loud", "LOUD");
  }

  @Test
  void programThatStaysAndSpeaksJsonLines(Story story) {
    String program =
        """
        count=0
        while IFS= read -r line; do
          count=$((count + 1))
          id=${line#*'"id":"'}; id=${id%%'"'*}
          printf '{"id":"%s","output":"%d"}\\n' "$id" "$count"
        done""";
    story.given(
        pool("counter")
            .handler(
                "exec", Map.of("command", List.of("/bin/sh", "-c", program), "mode", "JsonLines")));
    PoolTasks tasks = story.tasks("counter");
    IntStream.rangeClosed(1, 3)
        .forEach(
            i -> tasks.answers("anything", String.valueOf(i))); // it is one and the same program
  }

  @Test
  void httpServer(Story story) throws IOException {
    try (Backend backend =
        new Backend(asked -> new Answer(200, asked.path() + "?" + asked.body()))) {
      story.given(pool("remote").handler("http", Map.of("url", backend.url("/task"))));
      story.tasks("remote").answers("what", "/task?what");
    }
  }

  @Test
  void languageModelWithItsKeyFromSecret(Story story) throws IOException {
    try (Backend backend = new Backend(HandlersTest::model)) {
      story.kubectl("create", "secret", "generic", "model-key", "--from-literal=api-key=sesame");
      story.given(
          pool("writer")
              .handler(
                  "openai",
                  Map.of(
                      "baseUrl",
                      backend.url("/v1"),
                      "model",
                      "small",
                      "systemPrompt",
                      "Be brief.",
                      "apiKeySecretRef",
                      Map.of("name", "model-key"))));
      story.tasks("writer").answers("Why?", "small was told: Be brief. and asked: Why?");
    }
  }

  /** As much of an OpenAI-compatible endpoint as one question needs. */
  private static Answer model(Asked asked) {
    if (!asked.path().equals("/v1/chat/completions")) {
      return new Answer(404, "{}");
    }
    if (!asked.authorization().equals("Bearer sesame")) {
      return new Answer(401, "{\"error\":{\"message\":\"wrong key\"}}");
    }
    try {
      JsonNode question = JSON.readTree(asked.body());
      String text =
          "%s was told: %s and asked: %s"
              .formatted(
                  question.path("model").asText(),
                  question.at("/messages/0/content").asText(),
                  question.at("/messages/1/content").asText());
      return new Answer(
          200,
          JSON.writeValueAsString(
              Map.of(
                  "choices",
                  List.of(Map.of("message", Map.of("role", "assistant", "content", text))))));
    } catch (IOException e) {
      return new Answer(400, "{}");
    }
  }

  @Test
  void timeoutEndsTheWholeProcessTree(Story story) {
    // The grandchild writes its process id and would go on for an hour.
    story.given(
        pool("late")
            .exec("/bin/sh", "-c", "sleep 3600 & echo $! >&2; wait; true")
            .set("agent.timeoutSeconds", 1)
            .set("agent.retry.maxAttempts", 1));
    PoolTasks tasks = story.tasks("late");
    TaskResult result = tasks.result(tasks.submit("x"));
    assertThat(result.status()).isEqualTo(TaskResult.Status.FAILED);
    assertThat(result.error()).contains("Timeout");
    assertThat(Duration.ofMillis(result.finishedAtMillis() - result.startedAtMillis()))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(30));
    long agent =
        story
            .cluster()
            .nodeOf(story.podOf("late-0").getMetadata().getName())
            .processes(story.podOf("late-0").getMetadata().getName())
            .get("agent");
    Story.eventually(
        Story.PATIENCE,
        () ->
            assertThat(
                    ProcessHandle.of(agent)
                        .orElseThrow()
                        .descendants()
                        .map(p -> p.info().commandLine().orElse(""))
                        .filter(line -> line.contains("3600")))
                .as("what the task started")
                .isEmpty());
  }

  @Test
  void failureIsTriedAgainAndSucceeds(Story story) {
    story.given(
        pool("second-try")
            .exec(
                "/bin/sh",
                "-c",
                "test \"$TASK_ATTEMPT\" -ge 2 || { echo not yet >&2; exit 3; }; cat")
            .set("agent.retry.backoffMillis", 100));
    PoolTasks tasks = story.tasks("second-try");
    TaskResult result = tasks.result(tasks.submit("at last"));
    assertThat(result.status()).as("%s", result).isEqualTo(TaskResult.Status.DONE);
    assertThat(result.output().strip()).isEqualTo("at last");
    assertThat(result.attempts()).isEqualTo(2);
  }

  @Test
  void lastFailureMakesDeadLetter(Story story) {
    story.given(
        pool("hopeless")
            .exec("/bin/sh", "-c", "echo no way >&2; exit 4")
            .set("agent.retry.maxAttempts", 2)
            .set("agent.retry.backoffMillis", 100));
    PoolTasks tasks = story.tasks("hopeless");
    String id = tasks.submit("try this");
    TaskResult result = tasks.result(id);
    assertThat(result.status()).isEqualTo(TaskResult.Status.FAILED);
    assertThat(result.attempts()).isEqualTo(2);
    assertThat(result.error()).contains("no way");
    var letter = tasks.lane().deadLetter(id).orElseThrow();
    assertThat(letter.task().input()).isEqualTo("try this");
    assertThat(letter.result().error()).isEqualTo(result.error());
    String uid = story.pool("hopeless").getMetadata().getUid();
    try (Streams streams = new Streams(story.cluster())) {
      assertThat(streams.messages("D-" + uid, "dead." + uid + "." + id)).isEqualTo(1);
    }
  }
}

package dev.strata.e2e.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strata.harness.kind.KindCluster;
import dev.strata.harness.kind.KindStrata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Sends tasks to a pool over HTTP from outside of the cluster: through a port of a node that the
 * test does not break, to any ready agent. What fails on the way is sent again under the same key.
 */
final class OutsideTasks implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration REQUEST = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofMinutes(2);
  private static final int ACCEPTED = 202;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final String url;
  private final String token;
  private volatile String lastAnswer = "none";

  OutsideTasks(KindCluster cluster, String pool) {
    Service service =
        cluster
            .client()
            .services()
            .inNamespace(KindStrata.AGENTS)
            .resource(
                new ServiceBuilder()
                    .withNewMetadata()
                    .withName(pool + "-outside")
                    .withNamespace(KindStrata.AGENTS)
                    .endMetadata()
                    .withNewSpec()
                    .withType("NodePort")
                    .addToSelector("strata.dev/pool", pool)
                    .addNewPort()
                    .withPort(8080)
                    .endPort()
                    .endSpec()
                    .build())
            // Another step of the test may have made it.
            .createOr(NonDeletingOperation::serverSideApply);
    int port = service.getSpec().getPorts().getFirst().getNodePort();
    url = "http://%s:%d/v1/tasks".formatted(cluster.address(cluster.nodes().getFirst()), port);
    String secret =
        cluster
            .client()
            .secrets()
            .inNamespace(KindStrata.AGENTS)
            .withName(pool + "-agents")
            .require()
            .getData()
            .get("http-token");
    token = new String(Base64.getDecoder().decode(secret), StandardCharsets.UTF_8);
  }

  /** Sends a task and waits for its output. */
  String ask(String input) throws IOException, InterruptedException {
    String id = submit(input, "ask-" + System.nanoTime());
    JsonNode result = result(id);
    return result.path("status").asText().equals("DONE")
        ? result.path("output").asText().strip()
        : result.toString();
  }

  /** Hands a task in; returns its id once an agent says that it is stored. */
  String submit(String input, String key) throws IOException, InterruptedException {
    String body = JSON.writeValueAsString(Map.of("input", input));
    return until(
        "task " + key + " is stored",
        () -> {
          HttpResponse<String> answer =
              http.send(
                  request("")
                      .header("Content-Type", "application/json")
                      .header("Prefer", "respond-async")
                      .header("Idempotency-Key", key)
                      .POST(HttpRequest.BodyPublishers.ofString(body))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
          return answer.statusCode() == ACCEPTED || answer.statusCode() == 200
              ? Optional.of(JSON.readTree(answer.body()).path("id").asText())
              : notYet(answer);
        });
  }

  /** Waits for the result of a task, from any agent. */
  JsonNode result(String id) throws IOException, InterruptedException {
    return until(
        "result of task " + id,
        () -> {
          HttpResponse<String> answer =
              http.send(request("/" + id).GET().build(), HttpResponse.BodyHandlers.ofString());
          return answer.statusCode() == 200
              ? Optional.of(JSON.readTree(answer.body()))
              : notYet(answer);
        });
  }

  private <T> Optional<T> notYet(HttpResponse<String> answer) {
    lastAnswer = answer.statusCode() + " " + answer.body();
    return Optional.empty();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .timeout(REQUEST)
        .header("Authorization", "Bearer " + token);
  }

  private interface Attempt<T> {
    Optional<T> make() throws IOException, InterruptedException;
  }

  /** Agents come and go: an answer that does not come is asked for again. */
  private <T> T until(String what, Attempt<T> attempt) throws IOException, InterruptedException {
    long end = System.nanoTime() + RETRY.toNanos();
    while (true) {
      try {
        Optional<T> got = attempt.make();
        if (got.isPresent()) {
          return got.get();
        }
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
      }
      if (System.nanoTime() > end) {
        throw new IOException(
            "%s takes longer than %d s; the last answer was %s"
                .formatted(what, RETRY.toSeconds(), lastAnswer));
      }
      Thread.sleep(100);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}

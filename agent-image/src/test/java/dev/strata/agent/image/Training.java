package dev.strata.agent.image;

import dev.strata.agent.TestPool;
import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Role;
import dev.strata.protocol.nats.NatsServer;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Runs an agent through all that an agent's life has, so that the JVM records what it loads: start,
 * activation, tasks, HTTP, SIGTERM. The JVM writes the cache at its end.
 */
final class Training {
  private static final String POD = "training-1";
  private static final long END_SECONDS = 120;

  private final Path image;
  private final List<Path> jars;
  private final List<String> flags;
  private final Path cache;

  Training(Path image, List<Path> jars, List<String> flags, Path cache) {
    this.image = image;
    this.jars = jars;
    this.flags = flags;
    this.cache = cache;
  }

  void run() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("training");
    try {
      if (NatsServer.binary().isPresent()) {
        try (NatsServer server = NatsServer.start(folder);
            var pool = new TestPool(server)) {
          live(pool, folder);
        }
      } else {
        end(start(Map.of("STRATA_POOL_UID", "none"), folder), folder);
      }
    } catch (RuntimeException e) {
      throw new IOException("the training run failed; its log is in " + folder, e);
    }
    if (!Files.exists(cache)) {
      throw new IOException("the JVM wrote no cache; the log of the run is in " + folder);
    }
    ImageBuild.removeFolder(folder);
  }

  private void live(TestPool pool, Path folder) throws IOException, InterruptedException {
    int port = freePort();
    Map<String, String> environment;
    try {
      environment = pool.environment(POD, TestPool.config(TestPool.java("echo")));
    } catch (Exception e) {
      throw new IOException("cannot make the environment of the training run", e);
    }
    environment.put("STRATA_HTTP_PORT", String.valueOf(port));
    Process agent = start(environment, folder);
    try {
      pool.awaitHeartbeat(POD, heartbeat -> heartbeat.sequence() >= 2);
      pool.want(POD, Role.ACTIVE, "training-0", 1);
      var tasks = new ArrayList<String>();
      for (int i = 0; i < 30; i++) {
        tasks.add(pool.submit("{\"n\":" + i + "}", Priority.WORK.get(i % 3)));
      }
      for (String task : tasks) {
        pool.result(task);
      }
      http(port);
      pool.awaitHeartbeat(POD, heartbeat -> heartbeat.inFlight() == 0);
      pool.awaitHeartbeat(POD, Training::worked);
    } finally {
      end(agent, folder);
    }
  }

  private static boolean worked(Heartbeat heartbeat) {
    return heartbeat.done() >= 30;
  }

  private void http(int port) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      ask(client, port, "/healthz", "GET", null);
      ask(client, port, "/readyz", "GET", null);
      ask(client, port, "/v1/tasks", "POST", "{\"input\":\"x\",\"priority\":\"high\"}");
      ask(client, port, "/v1/tasks/00000000000000000000000000000000", "GET", null);
      ask(client, port, "/metrics", "GET", null);
    }
  }

  private static void ask(HttpClient client, int port, String path, String method, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + TestPool.TOKEN)
            .header("Idempotency-Key", "training")
            .timeout(Duration.ofSeconds(20))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private Process start(Map<String, String> environment, Path folder) throws IOException {
    var command = new ArrayList<String>();
    command.add(image.resolve("runtime/bin/java").toString());
    command.addAll(flags);
    command.add("-XX:AOTCacheOutput=" + cache);
    command.add("-Dstrata.lib=" + image.resolve("lib"));
    command.add("-Dstrata.cache=" + cache);
    command.add("-cp");
    command.add(jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    command.add("dev.strata.agent.AgentMain");
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("agent.log").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static void end(Process agent, Path folder) throws IOException, InterruptedException {
    agent.destroy();
    if (!agent.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      agent.destroyForcibly();
      throw new IOException("the training run did not end; its log is in " + folder);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

package dev.strata.agent.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.strata.agent.AgentMetrics;
import dev.strata.agent.AgentSettings;
import dev.strata.agent.Health;
import dev.strata.agent.Log;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Transport;
import dev.strata.protocol.WorkLane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The agent's HTTP server: tasks behind a token, health and metrics without one. */
public final class HttpFront implements AutoCloseable {
  private static final int BACKLOG = 128;

  /** Requests at a time; one that waits for a result costs a subscription. */
  private static final int MAX_REQUESTS = 512;

  private final AgentSettings settings;
  private final TaskEndpoint tasks;
  private final Supplier<Health> health;
  private final byte[] authorization;
  private final Semaphore room = new Semaphore(MAX_REQUESTS);
  private @Nullable HttpServer server;
  private @Nullable ExecutorService threads;

  public HttpFront(
      AgentSettings settings,
      WorkLane lane,
      Transport transport,
      Messages messages,
      Supplier<Health> health) {
    this.settings = settings;
    this.tasks = new TaskEndpoint(settings.pool(), settings.pod(), lane, transport, messages);
    this.health = health;
    this.authorization = ("Bearer " + settings.httpToken()).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Starts to listen.
   *
   * @throws UncheckedIOException when the address is taken
   */
  public synchronized void start(Log log, AgentMetrics metrics) {
    var address = new InetSocketAddress(settings.address(), settings.httpPort());
    try {
      server = HttpServer.create(address, BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + address + ": " + e.getMessage(), e);
    }
    threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    serve(server, TaskEndpoint.PATH, log, this::task);
    serve(server, "/healthz", log, exchange -> state(health.get().live()));
    serve(server, "/readyz", log, exchange -> state(health.get().ready()));
    serve(server, "/metrics", log, exchange -> Reply.text(200, metrics.scrape()));
    serve(server, "/", log, exchange -> Reply.error(404, "not found; tasks are at /v1/tasks"));
    server.start();
  }

  /** The port it listens on; -1 before {@link #start}. */
  public synchronized int port() {
    return server == null ? -1 : server.getAddress().getPort();
  }

  private Reply state(boolean fine) {
    Health now = health.get();
    return Reply.json(
        fine ? 200 : 503,
        Map.of(
            "role", now.role().label(),
            "connected", now.connected(),
            "suspect", now.suspect(),
            "overrun", now.overrun()));
  }

  private Reply task(HttpExchange exchange) throws IOException, InterruptedException {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    // Compared in a time that does not depend on how much of it is right.
    if (given == null
        || !MessageDigest.isEqual(authorization, given.getBytes(StandardCharsets.UTF_8))) {
      return Reply.error(401, "send Authorization: Bearer TOKEN with the pool's token")
          .with(Map.of("WWW-Authenticate", "Bearer"));
    }
    if (!room.tryAcquire()) {
      return Reply.error(503, "this agent has too many requests open; try another one")
          .with(Map.of("Retry-After", "1"));
    }
    try {
      return tasks.answer(exchange);
    } finally {
      room.release();
    }
  }

  private interface Endpoint {
    Reply answer(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private static void serve(HttpServer server, String path, Log log, Endpoint endpoint) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            send(exchange, reply(exchange, endpoint, log));
          }
        });
  }

  private static Reply reply(HttpExchange exchange, Endpoint endpoint, Log log) throws IOException {
    try {
      return endpoint.answer(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Reply.error(503, "this agent ends now; ask another one");
    } catch (RuntimeException e) {
      log.warn("HTTP request failed: " + e);
      return Reply.error(500, "the agent failed to answer; its log says why");
    }
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", reply.type());
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public synchronized void close() {
    if (server != null) {
      server.stop(0);
    }
    if (threads != null) {
      threads.shutdownNow();
    }
  }
}

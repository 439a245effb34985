package dev.strata.harness.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strata.harness.Child;
import dev.strata.harness.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/**
 * A node's way to the API server, which can be cut, frozen and ended for good. Everything a node
 * does passes here first, so a frozen node does nothing at all.
 */
final class NodeApi {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String MERGE = "application/merge-patch+json";
  static final String STRATEGIC = "application/strategic-merge-patch+json";
  static final String PLAIN = "application/json";
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final String url;
  private final HttpClient client;
  private final Set<InputStream> watches = ConcurrentHashMap.newKeySet();
  private boolean cut;
  private boolean frozen;
  private boolean dead;
  private long freezes;

  NodeApi(String url, SSLContext tls) {
    this.url = url;
    client =
        HttpClient.newBuilder()
            .sslContext(tls)
            .connectTimeout(Duration.ofSeconds(10))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /** The node is gone: whoever meets this stops without a word. */
  static final class NodeGoneException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NodeGoneException() {
      super("the node is gone", null, false, false);
    }
  }

  /** The API server refused. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;
    private final int code;

    RefusedException(int code, String message) {
      super(message);
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** Waits while the node is frozen. */
  synchronized void pass() {
    while (frozen && !dead) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new NodeGoneException();
      }
    }
    if (dead) {
      throw new NodeGoneException();
    }
  }

  /** Does to a process that was just being started what was done to all others meanwhile. */
  synchronized void catchUp(Child child) {
    if (dead) {
      child.signalGroup(Signal.KILL);
    } else if (frozen) {
      child.signalGroup(Signal.STOP);
    }
  }

  /** How often the node has been frozen: what was measured across a change does not count. */
  synchronized long freezes() {
    return freezes;
  }

  JsonNode get(String path) throws IOException {
    return send("GET", path, PLAIN, null);
  }

  /**
   * One request.
   *
   * @throws RefusedException when the API server answers with something else than success
   * @throws IOException when it cannot be reached
   */
  JsonNode send(
      String method, String path, String type, @org.jspecify.annotations.Nullable Object body)
      throws IOException {
    checkLink();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(ANSWER)
            .header("Content-Type", type)
            .header("Accept", PLAIN)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(bytes(body)))
            .build();
    try {
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      checkLink();
      JsonNode json = JSON.readTree(answer.body());
      if (answer.statusCode() >= 300) {
        throw new RefusedException(
            answer.statusCode(), json.path("message").asText("status " + answer.statusCode()));
      }
      return json;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeGoneException();
    }
  }

  /** Opens a stream of watch events, one a line; it ends when the node is cut off. */
  InputStream watch(String path) throws IOException {
    checkLink();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path)).header("Accept", PLAIN).build();
    try {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      InputStream stream = answer.body();
      if (answer.statusCode() >= 300) {
        stream.close();
        throw new RefusedException(answer.statusCode(), "the watch was refused");
      }
      watches.add(stream);
      return stream;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeGoneException();
    }
  }

  void closeWatch(InputStream stream) throws IOException {
    watches.remove(stream);
    stream.close();
  }

  private void checkLink() throws IOException {
    pass();
    synchronized (this) {
      if (cut) {
        throw new IOException("the node is cut off from the API server");
      }
    }
  }

  void cut(boolean now) {
    synchronized (this) {
      cut = now;
    }
    if (now) {
      endWatches();
    }
  }

  synchronized void freeze(boolean now) {
    frozen = now;
    freezes++;
    notifyAll();
  }

  void end() {
    synchronized (this) {
      dead = true;
      notifyAll();
    }
    endWatches();
    client.shutdownNow();
  }

  private void endWatches() {
    for (InputStream stream : List.copyOf(watches)) {
      try {
        closeWatch(stream);
      } catch (IOException e) {
        watches.remove(stream); // It was just ending by itself, which is what we want.
      }
    }
  }

  private static byte[] bytes(Object body) {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON", e);
    }
  }
}

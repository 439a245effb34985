package dev.strata.harness;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** Waits until an API server serves. */
final class ApiServerProbe implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final HttpClient client;
  private final HttpRequest request;

  ApiServerProbe(String url, SSLContext tls) {
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(tls)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    request =
        HttpRequest.newBuilder(URI.create(url + "/readyz")).timeout(Duration.ofSeconds(5)).build();
  }

  /** Fails at once when one of the two has ended. */
  void await(Server etcd, Server apiServer) {
    Limits.await(
        LIMIT,
        Duration.ofMillis(25),
        () -> {
          checkRunning(etcd);
          checkRunning(apiServer);
          return ready();
        },
        () -> apiServer + " is not ready:\n" + apiServer.logTail());
  }

  private static void checkRunning(Server server) {
    if (!server.isRunning()) {
      throw new IllegalStateException(server + " ended:\n" + server.logTail());
    }
  }

  private boolean ready() {
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the API server starts", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}

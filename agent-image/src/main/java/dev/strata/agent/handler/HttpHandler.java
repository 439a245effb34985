package dev.strata.agent.handler;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;

/** Posts the input to an endpoint; the body of a 2xx answer is the output. */
final class HttpHandler implements TaskHandler {
  private static final int SUCCESS = 2;

  private final URI url;
  private final int maxOutputBytes;
  private final HttpClient client = client();

  HttpHandler(URI url, int maxOutputBytes) {
    this.url = url;
    this.maxOutputBytes = maxOutputBytes;
  }

  static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(5))
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }

  @Override
  public String name() {
    return "http";
  }

  @Override
  public String handle(TaskInput input) throws Exception {
    String body = input.input();
    boolean json = body.startsWith("{") || body.startsWith("[");
    var request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", json ? "application/json" : "text/plain; charset=utf-8")
            .header("Idempotency-Key", input.taskId())
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return send(client, request, maxOutputBytes);
  }

  /** Sends and returns the body of a 2xx answer. Interruptible. */
  static String send(HttpClient client, HttpRequest request, int maxOutputBytes)
      throws HandlerFailure, InterruptedException {
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        if (response.statusCode() / 100 != SUCCESS) {
          String start = new String(in.readNBytes(500), StandardCharsets.UTF_8);
          throw new HandlerFailure(
              "HttpStatus",
              response.statusCode()
                  + " from "
                  + request.uri().getHost()
                  + ": "
                  + HandlerFailure.firstLine(start));
        }
        return BoundedOutput.all(in, maxOutputBytes);
      }
    } catch (IOException e) {
      throw new HandlerFailure(
          "HttpError", request.uri().getHost() + ": " + HandlerFailure.firstLine(e.toString()));
    }
  }
}

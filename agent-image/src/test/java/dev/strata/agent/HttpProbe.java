package dev.strata.agent;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Asks an agent over HTTP. */
final class HttpProbe {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private HttpProbe() {}

  static HttpResponse<String> get(Agent agent, String path)
      throws IOException, InterruptedException {
    return send(request(agent, path).GET().build());
  }

  static HttpRequest.Builder request(Agent agent, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + agent.httpPort() + path));
  }

  static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }
}

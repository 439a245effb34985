package dev.strata.harness.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Tells a node about its pods: lists them, then watches, and lists again whenever that breaks. */
final class PodWatch implements Runnable {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final NodeApi api;
  private final String path;
  private final Consumer<List<Pod>> listed;
  private final Consumer<Pod> changed;
  private final Consumer<Pod> removed;

  PodWatch(
      NodeApi api,
      String node,
      Consumer<List<Pod>> listed,
      Consumer<Pod> changed,
      Consumer<Pod> removed) {
    this.api = api;
    this.path = "/api/v1/pods?fieldSelector=spec.nodeName%3D" + node;
    this.listed = listed;
    this.changed = changed;
    this.removed = removed;
  }

  @Override
  public void run() {
    try {
      while (true) {
        try {
          watch(list());
        } catch (IOException e) {
          // The API server is away or we are cut off: all there is to do is to try again.
          TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
      }
    } catch (NodeApi.NodeGoneException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String list() throws IOException {
    JsonNode list = api.get(path);
    List<Pod> pods = new ArrayList<>();
    for (JsonNode item : list.path("items")) {
      pods.add(pod(item));
    }
    listed.accept(pods);
    return list.path("metadata").path("resourceVersion").asText();
  }

  private void watch(String version) throws IOException {
    InputStream stream =
        api.watch(path + "&watch=true&allowWatchBookmarks=true&resourceVersion=" + version);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        api.pass();
        JsonNode event = NodeApi.JSON.readTree(line);
        JsonNode object = event.path("object");
        switch (event.path("type").asText()) {
          case "ADDED", "MODIFIED" -> changed.accept(pod(object));
          case "DELETED" -> removed.accept(pod(object));
          case "ERROR" -> throw new IOException(object.path("message").asText());
          default -> api.pass(); // bookmarks
        }
      }
    } finally {
      api.closeWatch(stream);
    }
  }

  static Pod pod(JsonNode json) throws IOException {
    return NodeApi.JSON.treeToValue(json, Pod.class);
  }
}

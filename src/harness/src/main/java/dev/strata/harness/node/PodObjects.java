package dev.strata.harness.node;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The ConfigMaps and Secrets that one start of a pod's container looks at, each read once. */
final class PodObjects {
  private static final int NOT_FOUND = 404;
  private static final int FORBIDDEN = 403;
  // The Node authorizer learns a moment after the binding that the node may read the pod's objects.
  private static final Duration AUTHORIZER = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final NodeApi api;
  private final String namespace;
  private final Map<String, Optional<Map<String, byte[]>>> read = new HashMap<>();

  PodObjects(NodeApi api, String namespace) {
    this.api = api;
    this.namespace = namespace;
  }

  /** Data of a ConfigMap; empty when there is none of that name. */
  Optional<Map<String, byte[]>> configMap(String name) throws StartException {
    return read("configmaps", name);
  }

  /** Data of a Secret, decoded; empty when there is none of that name. */
  Optional<Map<String, byte[]>> secret(String name) throws StartException {
    return read("secrets", name);
  }

  private Optional<Map<String, byte[]>> read(String plural, String name) throws StartException {
    String key = plural + "/" + name;
    Optional<Map<String, byte[]>> known = read.get(key);
    if (known == null) {
      known = fetch(plural, name);
      read.put(key, known);
    }
    return known;
  }

  private Optional<Map<String, byte[]>> fetch(String plural, String name) throws StartException {
    String path = "/api/v1/namespaces/" + namespace + "/" + plural + "/" + name;
    long end = System.nanoTime() + AUTHORIZER.toNanos();
    while (true) {
      try {
        return Optional.of(data(api.get(path)));
      } catch (NodeApi.RefusedException e) {
        if (e.code() == NOT_FOUND) {
          return Optional.empty();
        }
        if (e.code() != FORBIDDEN || System.nanoTime() > end) {
          throw new StartException("CreateContainerConfigError", String.valueOf(e.getMessage()));
        }
        pause();
      } catch (IOException e) {
        throw new StartException("CreateContainerConfigError", String.valueOf(e.getMessage()));
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeApi.NodeGoneException();
    }
  }

  private static Map<String, byte[]> data(JsonNode object) {
    Map<String, byte[]> data = new TreeMap<>();
    boolean secret = object.path("kind").asText().equals("Secret");
    for (var field : object.path("data").properties()) {
      String text = field.getValue().asText();
      data.put(
          field.getKey(),
          secret ? Base64.getDecoder().decode(text) : text.getBytes(StandardCharsets.UTF_8));
    }
    for (var field : object.path("binaryData").properties()) {
      data.put(field.getKey(), Base64.getDecoder().decode(field.getValue().asText()));
    }
    return data;
  }

  /** A token of the pod's ServiceAccount, bound to the pod. */
  byte[] token(io.fabric8.kubernetes.api.model.Pod pod, String audience, long seconds)
      throws StartException {
    Map<String, Object> spec = new HashMap<>();
    spec.put("expirationSeconds", seconds);
    if (!audience.isEmpty()) {
      spec.put("audiences", java.util.List.of(audience));
    }
    spec.put(
        "boundObjectRef",
        Map.of(
            "kind",
            "Pod",
            "apiVersion",
            "v1",
            "name",
            pod.getMetadata().getName(),
            "uid",
            pod.getMetadata().getUid()));
    String account = pod.getSpec().getServiceAccountName();
    try {
      return api.send(
              "POST",
              "/api/v1/namespaces/" + namespace + "/serviceaccounts/" + account + "/token",
              NodeApi.PLAIN,
              Map.of(
                  "apiVersion", "authentication.k8s.io/v1", "kind", "TokenRequest", "spec", spec))
          .path("status")
          .path("token")
          .asText()
          .getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new StartException("CreateContainerConfigError", String.valueOf(e.getMessage()));
    }
  }
}

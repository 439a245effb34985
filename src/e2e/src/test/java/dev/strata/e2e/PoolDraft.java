package dev.strata.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;

/** A pool as a test writes it down: like YAML, short where a test wants little. */
final class PoolDraft {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final ObjectNode spec = JSON.createObjectNode();

  private PoolDraft(String name) {
    this.name = name;
  }

  /** One agent that echoes, no spare. */
  static PoolDraft pool(String name) {
    return new PoolDraft(name).java("echo");
  }

  String name() {
    return name;
  }

  int replicas() {
    return spec.path("replicas").asInt(1);
  }

  int warm() {
    return spec.path("warm").path("target").asInt(0);
  }

  PoolDraft replicas(int count) {
    return set("replicas", count);
  }

  PoolDraft warm(int count) {
    return set("warm.target", count);
  }

  PoolDraft java(String handler) {
    return handler("java", Map.of("name", handler));
  }

  PoolDraft exec(String... command) {
    return handler("exec", Map.of("command", List.of(command)));
  }

  /** Replaces the handler. */
  PoolDraft handler(String kind, Map<String, ?> settings) {
    return set("agent.handler", Map.of(kind, settings));
  }

  /** A variable of the agent's container. */
  PoolDraft env(String variable, String value) {
    spec.withObject("/template")
        .withArray("env")
        .addObject()
        .put("name", variable)
        .put("value", value);
    return this;
  }

  /**
   * @param path below spec, such as agent.timeoutSeconds
   */
  PoolDraft set(String path, Object value) {
    int dot = path.lastIndexOf('.');
    ObjectNode parent =
        dot < 0 ? spec : spec.withObject("/" + path.substring(0, dot).replace('.', '/'));
    parent.set(path.substring(dot + 1), JSON.<JsonNode>valueToTree(value));
    return this;
  }

  GenericKubernetesResource resource() {
    ObjectNode pool = JSON.createObjectNode();
    pool.put("apiVersion", "strata.dev/v1alpha1").put("kind", "AgentPool");
    pool.putObject("metadata").put("name", name);
    pool.set("spec", spec);
    return JSON.convertValue(pool, GenericKubernetesResource.class);
  }
}

package dev.strata.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.stream.StreamSupport;

/**
 * What GitOps tools make of an object, by the rules that kstatus documents for kinds that it does
 * not know: generation first, then the conditions Reconciling, Stalled and Ready.
 */
enum Kstatus {
  Current,
  InProgress,
  Failed,
  Terminating;

  private static final ObjectMapper JSON = new ObjectMapper();

  static Kstatus of(GenericKubernetesResource object) {
    JsonNode json = JSON.valueToTree(object);
    JsonNode metadata = json.path("metadata");
    JsonNode status = json.path("status");
    if (metadata.has("deletionTimestamp")) {
      return Terminating;
    }
    if (status.has("observedGeneration")
        && status.path("observedGeneration").asLong() != metadata.path("generation").asLong()) {
      return InProgress;
    }
    if (condition(status, "Reconciling").equals("True")) {
      return InProgress;
    }
    if (condition(status, "Stalled").equals("True")) {
      return Failed;
    }
    String ready = condition(status, "Ready");
    return ready.isEmpty() || ready.equals("True") ? Current : InProgress;
  }

  private static String condition(JsonNode status, String type) {
    return StreamSupport.stream(status.path("conditions").spliterator(), false)
        .filter(c -> c.path("type").asText().equals(type))
        .map(c -> c.path("status").asText())
        .findFirst()
        .orElse("");
  }
}

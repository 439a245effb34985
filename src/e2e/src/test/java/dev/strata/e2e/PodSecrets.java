package dev.strata.e2e;

import dev.strata.protocol.AgentEnvironment;
import dev.strata.protocol.nats.Credentials;
import dev.strata.protocol.nats.PodUser;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * What an agent's pod knows and nobody else is to know, read as the pod reads it.
 *
 * @param sealKey of its pool
 * @param httpToken of its pool
 * @param credentials its NATS user
 */
record PodSecrets(String sealKey, String httpToken, Credentials credentials) {
  static PodSecrets of(Story story, Pod pod) {
    String pool = pod.getMetadata().getLabels().get("strata.dev/pool");
    var secret =
        story
            .client()
            .secrets()
            .inNamespace(story.namespace())
            .withName(pool + "-agents")
            .require()
            .getData();
    String sealKey = decoded(secret.get("seal-key"));
    String user =
        pod.getSpec().getContainers().getFirst().getEnv().stream()
            .filter(variable -> variable.getName().equals(AgentEnvironment.CREDENTIALS))
            .map(EnvVar::getValue)
            .findFirst()
            .orElseThrow();
    return new PodSecrets(
        sealKey,
        decoded(secret.get("http-token")),
        PodUser.parse(user).open(sealKey, pod.getMetadata().getName()));
  }

  /** The JWT is not among them: it says who the pod is and proves nothing. */
  List<String> all() {
    return List.of(sealKey, httpToken, credentials.seed());
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}

package dev.strata.harness;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Makes namespaces in which pods can be created, which in T1 takes a ServiceAccount from us. */
record Namespaces(KubernetesClient client, Tier tier) {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  void create(String name) {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    if (tier == Tier.T1) {
      makeServiceAccount(name);
      return;
    }
    Limits.await(
        LIMIT,
        Duration.ofMillis(10),
        () -> client.serviceAccounts().inNamespace(name).withName("default").get() != null,
        () -> "kube-controller-manager makes no ServiceAccount in namespace " + name);
  }

  void makeServiceAccount(String namespace) {
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("default")
                .withNamespace(namespace)
                .endMetadata()
                .build())
        .create();
  }

  /** The Secret from which the operator knows where NATS is and with which keys it mints users. */
  void createNatsSecret(String namespace, NatsServer nats) {
    Map<String, String> data = new HashMap<>(nats.accounts().toSecret());
    data.put("url", nats.url());
    String authority = nats.authority();
    if (authority != null) {
      data.put("ca.crt", authority);
    }
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("strata-nats")
                .withNamespace(namespace)
                .endMetadata()
                .withStringData(data)
                .build())
        .create();
  }
}

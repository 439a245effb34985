package dev.strata.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * The one client of the API server, of the SDK and of ours: behind the {@link Fence}, and with a
 * name by which the audit log tells replicas apart.
 */
@Singleton
public final class ApiClient {
  @Produces
  @Singleton
  KubernetesClient open(
      KubernetesSerialization serialization,
      Config api,
      OperatorConfig config,
      Fence fence,
      Vertx vertx) {
    api.setUserAgent("strata-operator/" + config.identity());
    return new KubernetesClientBuilder()
        .withKubernetesSerialization(serialization)
        .withConfig(api)
        .withHttpClientFactory(new VertxHttpClientFactory(FencedVertx.of(vertx, fence)))
        .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("fence", fence))
        .build();
  }

  void close(@Disposes KubernetesClient client) {
    client.close();
  }
}

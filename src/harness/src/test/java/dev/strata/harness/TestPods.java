package dev.strata.harness;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Makes and watches the pods of one namespace. */
record TestPods(KubernetesClient client, String namespace) {

  /** A pod whose only container runs a shell script; not yet created. */
  PodBuilder shell(String name, String script) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withTerminationGracePeriodSeconds(10L)
        .addNewContainer()
        .withName("main")
        .withImage(ImageTable.SHELL)
        .withCommand("sh", "-c", script)
        .endContainer()
        .endSpec();
  }

  void create(PodBuilder pod) {
    client.resource(pod.build()).create();
  }

  Pod get(String name) {
    return client.pods().inNamespace(namespace).withName(name).get();
  }

  /** Waits until the pod is as wanted. */
  Pod await(String name, Predicate<Pod> wanted) {
    return Awaitility.await(name)
        .atMost(java.time.Duration.ofSeconds(60))
        .pollInterval(java.time.Duration.ofMillis(20))
        .until(() -> get(name), pod -> pod != null && wanted.test(pod));
  }

  Pod awaitPhase(String name, String phase) {
    return await(name, pod -> phase.equals(pod.getStatus().getPhase()));
  }

  Pod awaitWaiting(String name, String reason) {
    return await(
        name,
        pod ->
            pod.getStatus().getContainerStatuses().stream()
                .anyMatch(
                    status ->
                        status.getState().getWaiting() != null
                            && reason.equals(status.getState().getWaiting().getReason())));
  }

  void awaitGone(String name) {
    Awaitility.await(name + " is gone")
        .atMost(java.time.Duration.ofSeconds(60))
        .pollInterval(java.time.Duration.ofMillis(20))
        .until(() -> get(name) == null);
  }

  static boolean ready(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  static ContainerStatus container(Pod pod) {
    return pod.getStatus().getContainerStatuses().getFirst();
  }
}

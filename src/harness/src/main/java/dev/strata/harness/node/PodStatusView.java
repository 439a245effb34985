package dev.strata.harness.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes a pod's status of what its containers are doing. Used by one thread. */
final class PodStatusView {
  private final String podIp;
  private final String hostIp;
  private final String startTime = ContainerView.now();
  private final Map<String, PodCondition> before = new HashMap<>();

  PodStatusView(String podIp, String hostIp) {
    this.podIp = podIp;
    this.hostIp = hostIp;
  }

  PodStatus of(Pod pod, List<ContainerView> inits, List<ContainerView> mains) {
    String phase = phase(inits, mains);
    return new PodStatusBuilder()
        .withPhase(phase)
        .withStartTime(startTime)
        .withPodIP(podIp)
        .addNewPodIP(podIp)
        .withHostIP(hostIp)
        .addNewHostIP(hostIp)
        .withQosClass(pod.getStatus().getQosClass())
        .withObservedGeneration(pod.getMetadata().getGeneration())
        .withConditions(conditions(pod, phase, inits, mains))
        .withInitContainerStatuses(inits.stream().map(ContainerView::status).toList())
        .withContainerStatuses(mains.stream().map(ContainerView::status).toList())
        .build();
  }

  private static String phase(List<ContainerView> inits, List<ContainerView> mains) {
    if (inits.stream().anyMatch(view -> view.over() && view.exitCode() != 0)) {
      return "Failed";
    }
    if (mains.stream().allMatch(ContainerView::over)) {
      return mains.stream().allMatch(view -> view.exitCode() == 0) ? "Succeeded" : "Failed";
    }
    boolean neverRan =
        mains.stream().anyMatch(view -> view.state().getWaiting() != null && view.last() == null);
    return neverRan ? "Pending" : "Running";
  }

  private List<PodCondition> conditions(
      Pod pod, String phase, List<ContainerView> inits, List<ContainerView> mains) {
    boolean initialized = inits.stream().allMatch(view -> view.over() && view.exitCode() == 0);
    List<String> unready =
        mains.stream()
            .filter(view -> !view.ready())
            .map(view -> view.container().getName())
            .toList();
    String reason =
        switch (phase) {
          case "Succeeded" -> "PodCompleted";
          case "Failed" -> "PodFailed";
          default -> unready.isEmpty() ? "" : "ContainersNotReady";
        };
    String message =
        reason.equals("ContainersNotReady")
            ? "containers with unready status: [" + String.join(" ", unready) + "]"
            : "";
    boolean containersReady = reason.isEmpty();
    String closed = closedGates(pod);
    boolean ready = containersReady && closed.isEmpty();
    return Stream.of(
            condition("Initialized", initialized, "", ""),
            condition("ContainersReady", containersReady, reason, message),
            condition(
                "Ready",
                ready,
                containersReady && !ready ? "ReadinessGatesNotReady" : reason,
                containersReady && !ready ? "readiness gates not open: " + closed : message))
        .toList();
  }

  private static String closedGates(Pod pod) {
    return pod.getSpec().getReadinessGates().stream()
        .map(gate -> gate.getConditionType())
        .filter(
            type ->
                pod.getStatus().getConditions().stream()
                    .noneMatch(
                        condition ->
                            condition.getType().equals(type)
                                && condition.getStatus().equals("True")))
        .collect(Collectors.joining(" "));
  }

  private PodCondition condition(String type, boolean value, String reason, String message) {
    String status = value ? "True" : "False";
    PodCondition old = before.get(type);
    PodCondition condition =
        new PodConditionBuilder()
            .withType(type)
            .withStatus(status)
            .withReason(reason)
            .withMessage(message)
            .withLastTransitionTime(
                old != null && old.getStatus().equals(status)
                    ? old.getLastTransitionTime()
                    : ContainerView.now())
            .build();
    before.put(type, condition);
    return condition;
  }
}

package dev.strata.operator;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Template revisions that pods still stand on. */
final class Revisions {
  private Revisions() {}

  static Set<String> inUse(List<Pod> pods) {
    return pods.stream()
        .map(pod -> pod.getMetadata().getLabels().get(Names.REVISION))
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }
}

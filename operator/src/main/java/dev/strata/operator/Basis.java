package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.core.pool.PodRef;
import dev.strata.core.pool.Spent;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.List;
import java.util.Optional;

/** What a plan was decided on: the objects whose UIDs and versions its writes name. */
record Basis(
    AgentPool pool,
    List<Pod> pods,
    List<Lease> leases,
    PoolGround.Standing ground,
    List<Spent> spent) {
  Basis {
    pods = List.copyOf(pods);
    leases = List.copyOf(leases);
    spent = List.copyOf(spent);
  }

  String poolUid() {
    return pool.getMetadata().getUid();
  }

  Optional<Pod> pod(PodRef ref) {
    return pods.stream().filter(pod -> pod.getMetadata().getUid().equals(ref.uid())).findFirst();
  }
}

package dev.strata.operator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Optional;

/** A pod's labels: the projection of its Lease that Services, budgets and people select by. */
record PodLabels(GuardedWrites writes, OwnWrites<Pod> own) {

  /** False when the pod has changed in between: the labels are repaired from the Lease later. */
  boolean active(Pod pod, String identity, long epoch) {
    ObjectNode change = JsonNodeFactory.instance.objectNode();
    change
        .withObject("/metadata/labels")
        .put(Names.ROLE, "active")
        .put(Names.IDENTITY, identity)
        .put(Names.EPOCH, Long.toString(epoch));
    return patch(pod, change);
  }

  boolean draining(Pod pod, Instant since) {
    ObjectNode change = JsonNodeFactory.instance.objectNode();
    change.withObject("/metadata/labels").put(Names.ROLE, "draining");
    change.withObject("/metadata/annotations").put(Names.DRAIN_SINCE, since.toString());
    return patch(pod, change);
  }

  boolean quarantined(Pod pod, Instant since, Instant until, String why) {
    ObjectNode change = JsonNodeFactory.instance.objectNode();
    change.withObject("/metadata/labels").put(Names.ROLE, Names.QUARANTINED);
    change
        .withObject("/metadata/annotations")
        .put(Names.DRAIN_SINCE, since.toString())
        .put(Names.QUARANTINED_UNTIL, until.toString())
        .put(Names.QUARANTINED_FOR, why);
    return patch(pod, change);
  }

  private boolean patch(Pod pod, ObjectNode change) {
    Optional<Pod> patched = writes.patch(pod, change);
    patched.ifPresent(own::wrote);
    return patched.isPresent();
  }
}

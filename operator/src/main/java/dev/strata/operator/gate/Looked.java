package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.QualityGate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which gates this operator has looked at, be it that they are judged, suspended or cannot be
 * judged. Of the others it is not known what they hold.
 */
final class Looked {
  private final Set<String> uids = ConcurrentHashMap.newKeySet();

  /**
   * Notes a gate that was looked at.
   *
   * @return whether it is the first time
   */
  boolean add(QualityGate gate) {
    return uids.add(gate.getMetadata().getUid());
  }

  /** Forgets gates that do not exist any more. */
  void keepOnly(Set<String> existing) {
    uids.retainAll(existing);
  }

  /**
   * The name of a gate of a pool that was not looked at; one that is being deleted holds nothing.
   */
  Optional<String> missing(List<QualityGate> existing, String namespace, String pool) {
    return existing.stream()
        .filter(g -> !g.isMarkedForDeletion() && !uids.contains(g.getMetadata().getUid()))
        .filter(
            g ->
                g.getMetadata().getNamespace().equals(namespace)
                    && g.getSpec().poolRef().name().equals(pool))
        .map(g -> g.getMetadata().getName())
        .findFirst();
  }
}

package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.QualityGate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The gates that cannot be judged as they are written. Their pools have to know of them: a target
 * that nobody judges is not known to hold.
 */
final class Unjudged {
  private final Map<String, Entry> gates = new ConcurrentHashMap<>();

  private record Entry(String poolUid, String name, String reason) {}

  /**
   * A gate cannot be judged.
   *
   * @param reason in one word
   * @return whether that is news
   */
  boolean put(QualityGate gate, String poolUid, String reason) {
    var entry = new Entry(poolUid, gate.getMetadata().getName(), reason);
    return !entry.equals(gates.put(gate.getMetadata().getUid(), entry));
  }

  /**
   * It can, or there is no such gate any more.
   *
   * @return whether that is news
   */
  boolean remove(String gateUid) {
    return gates.remove(gateUid) != null;
  }

  boolean has(String gateUid) {
    return gates.containsKey(gateUid);
  }

  /** UIDs of those of one pool. */
  Set<String> of(String poolUid) {
    return gates.entrySet().stream()
        .filter(e -> e.getValue().poolUid().equals(poolUid))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Names of those of one pool, each with its reason. */
  Map<String, String> reasons(String poolUid) {
    return gates.values().stream()
        .filter(e -> e.poolUid().equals(poolUid))
        .collect(Collectors.toMap(Entry::name, Entry::reason));
  }

  /**
   * Forgets those that there are no more.
   *
   * @return UIDs of their pools
   */
  Set<String> retain(Set<String> existing) {
    Set<String> pools =
        gates.entrySet().stream()
            .filter(e -> !existing.contains(e.getKey()))
            .map(e -> e.getValue().poolUid())
            .collect(Collectors.toSet());
    gates.keySet().retainAll(existing);
    return pools;
  }
}

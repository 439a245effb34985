package dev.strata.core.pool;

import java.util.List;

/**
 * A pool in figures.
 *
 * @param desired active agents wanted
 * @param active agents that hold an identity and are not known to be gone
 * @param ready of these, the ones whose own heartbeat says that they are active under the epoch of
 *     their Lease
 * @param updated of the active ones, those made from the current revision
 * @param spares spares that could take an identity now
 * @param sparesWanted spares wanted
 * @param starting pods on their way to become spares
 * @param draining agents that finish what they have
 * @param failed pods kept as evidence of failed starts
 * @param unmet agents wanted that found no spare
 * @param troubles why pods do not start, most frequent first, each once
 */
public record PoolFacts(
    int desired,
    int active,
    int ready,
    int updated,
    int spares,
    int sparesWanted,
    int starting,
    int draining,
    int failed,
    List<Unmet> unmet,
    List<Trouble> troubles) {
  public PoolFacts {
    unmet = List.copyOf(unmet);
    troubles = List.copyOf(troubles);
  }
}

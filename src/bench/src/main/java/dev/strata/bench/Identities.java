package dev.strata.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.strata.harness.AuditLog;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who held which identity of a pool: now, by the API server; and ever, by its audit log. */
final class Identities {
  private final Bench bench;
  private final Pool pool;

  Identities(Bench bench, Pool pool) {
    this.bench = bench;
    this.pool = pool;
  }

  /**
   * One write of a Lease.
   *
   * @param version resource version: the order of writes
   * @param holder UID of a pod, empty for none
   */
  private record Holding(String lease, long version, String holder, int epoch) {}

  private List<Lease> leases() {
    return bench
        .site()
        .client()
        .leases()
        .inNamespace(bench.site().namespace())
        .withLabel("strata.dev/pool", pool.name())
        .list()
        .getItems();
  }

  /** UIDs of the pods that hold an identity now, by identity. */
  Map<String, String> holders() {
    Map<String, String> holders = new TreeMap<>();
    for (Lease lease : leases()) {
      String holder = lease.getSpec().getHolderIdentity();
      if (holder != null && !holder.isEmpty()) {
        holders.put(lease.getMetadata().getName(), holder);
      }
    }
    return holders;
  }

  /** Changes of holder so far, the first of each identity left out. */
  int replacements() {
    return leases().stream().mapToInt(lease -> lease.getSpec().getLeaseTransitions() - 1).sum();
  }

  /** What the audit log has against the rule: one holder an epoch, and epochs only grow, by one. */
  List<String> violations() {
    List<String> wrong = new ArrayList<>();
    Map<String, Holding> before = new TreeMap<>();
    for (Holding now : history()) {
      Holding was = before.put(now.lease(), now);
      if (was == null) {
        continue;
      }
      boolean taken = !now.holder().isEmpty() && !now.holder().equals(was.holder());
      if (now.epoch() < was.epoch()
          || taken && now.epoch() != was.epoch() + 1
          || !taken && now.epoch() != was.epoch()) {
        wrong.add(was + " then " + now);
      }
    }
    return wrong;
  }

  /** How many writes of identities the audit log has. */
  int writes() {
    return history().size();
  }

  private List<Holding> history() {
    return bench
        .site()
        .audit()
        .entries(
            entry ->
                entry.resource().equals("leases")
                    && entry.namespace().equals(bench.site().namespace())
                    && entry.name().startsWith(pool.name() + "-")
                    && !entry.verb().startsWith("delete")
                    && entry.succeeded())
        .stream()
        .map(Identities::holding)
        .sorted(Comparator.comparing(Holding::version))
        .toList();
  }

  private static Holding holding(AuditLog.Entry entry) {
    JsonNode lease = entry.responseObject();
    if (lease == null) {
      throw new IllegalStateException("the audit log lacks the answer of " + entry);
    }
    return new Holding(
        entry.name(),
        lease.path("metadata").path("resourceVersion").asLong(),
        lease.path("spec").path("holderIdentity").asText(""),
        lease.path("spec").path("leaseTransitions").asInt());
  }
}

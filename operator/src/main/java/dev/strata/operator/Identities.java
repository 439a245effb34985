package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Identities as Leases, changed only by compare-and-swap: an update names the resource version on
 * which it was decided, and a create fails where the Lease exists. So whatever two operators
 * believe, an identity has one holder and its epoch only grows.
 */
final class Identities {
  private final KubernetesClient client;
  private final OwnWrites<Lease> own;
  private final Clock clock;

  Identities(KubernetesClient client, OwnWrites<Lease> own, Clock clock) {
    this.client = client;
    this.own = own;
    this.clock = clock;
  }

  /** The Lease when this pod holds it now; empty when somebody else was faster. */
  Optional<Lease> assign(AgentPool pool, List<Lease> seen, int ordinal, long epoch, String podUid) {
    try {
      Lease lease =
          find(seen, ordinal, epoch)
              .map(old -> update(old, podUid, epoch + 1))
              .orElseGet(() -> create(pool, ordinal, podUid));
      own.wrote(lease);
      return Optional.of(lease);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      return settle(pool, ordinal, podUid);
    }
  }

  /** Frees an identity if this pod still holds it under this epoch. */
  boolean release(List<Lease> seen, int ordinal, String podUid, long epoch) {
    Optional<Lease> lease =
        find(seen, ordinal, epoch).filter(l -> podUid.equals(l.getSpec().getHolderIdentity()));
    if (lease.isEmpty()) {
      return false;
    }
    own.wrote(
        client
            .resource(
                new LeaseBuilder(lease.get())
                    .editSpec()
                    .withHolderIdentity(null)
                    .withRenewTime(now())
                    .endSpec()
                    .build())
            .update());
    return true;
  }

  private static Optional<Lease> find(List<Lease> seen, int ordinal, long epoch) {
    return seen.stream()
        .filter(
            lease ->
                PoolObserver.identity(lease)
                    .filter(i -> i.ordinal() == ordinal && i.epoch() == epoch)
                    .isPresent())
        .findFirst();
  }

  private Lease update(Lease old, String podUid, long epoch) {
    return client
        .resource(
            new LeaseBuilder(old)
                .editSpec()
                .withHolderIdentity(podUid)
                .withLeaseTransitions((int) epoch)
                .withAcquireTime(now())
                .withRenewTime(now())
                .endSpec()
                .build())
        .update();
  }

  private Lease create(AgentPool pool, int ordinal, String podUid) {
    return client
        .resource(
            new LeaseBuilder(named(pool, ordinal))
                .withNewSpec()
                .withHolderIdentity(podUid)
                .withLeaseTransitions(1)
                .withAcquireTime(now())
                .withRenewTime(now())
                .endSpec()
                .build())
        .create();
  }

  private static Lease named(AgentPool pool, int ordinal) {
    var metadata = PoolObject.metadata(pool, pool.getMetadata().getName() + "-" + ordinal);
    metadata.getLabels().put(Names.ORDINAL, Integer.toString(ordinal));
    return new LeaseBuilder().withMetadata(metadata).build();
  }

  /**
   * A conflict may be our own write whose answer was lost: then the Lease says that the pod holds
   * it.
   */
  private Optional<Lease> settle(AgentPool pool, int ordinal, String podUid) {
    Optional<Lease> there =
        Creator.listed(client, named(pool, ordinal))
            .filter(lease -> PoolObject.ownedBy(lease, pool));
    there.ifPresent(own::wrote);
    return there.filter(lease -> podUid.equals(lease.getSpec().getHolderIdentity()));
  }

  private ZonedDateTime now() {
    return clock.instant().atZone(ZoneOffset.UTC);
  }
}

package dev.strata.bench;

import dev.strata.harness.AuditLog;
import dev.strata.harness.Cluster;
import dev.strata.harness.ClusterSpec;
import dev.strata.harness.Site;
import dev.strata.protocol.nats.Credentials;
import dev.strata.protocol.nats.NatsConnection;
import dev.strata.protocol.nats.NatsTransport;
import dev.strata.protocol.nats.SeedAuth;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A cluster with ears: what every benchmark stands on. Ends its cluster when closed. */
final class Bench implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final Site site;
  private final @Nullable Cluster cluster;
  private final NatsTransport ears;
  private final Lives lives;

  private Bench(Site site, @Nullable Cluster cluster) throws InterruptedException {
    this.site = site;
    this.cluster = cluster;
    this.ears = new NatsTransport(connect("bench-ears"));
    this.lives = new Lives(ears);
  }

  /** Starts the usual cluster with changes. */
  static Bench start(UnaryOperator<ClusterSpec> changes) throws InterruptedException {
    ClusterSpec spec = changes.apply(ClusterSpec.standard());
    if (Boolean.getBoolean("bench.keep-logs")) {
      spec = spec.withControlPlane(spec.controlPlane().withLogsKept());
    }
    long began = System.nanoTime();
    Cluster cluster = Cluster.start(spec);
    Console.progress(
        "cluster with %d nodes is up after %.1f s, logs in %s"
            .formatted(spec.nodes(), (System.nanoTime() - began) / 1e9, cluster.logs()));
    return new Bench(cluster, cluster);
  }

  /** Stands on a cluster that somebody else started. */
  static Bench on(Site site) throws InterruptedException {
    return new Bench(site, null);
  }

  /** Where the pools are. */
  Site site() {
    return site;
  }

  /** What can be broken: process nodes, NATS, operators. */
  Cluster cluster() {
    if (cluster == null) {
      throw new IllegalStateException("this benchmark stands on a cluster of another kind");
    }
    return cluster;
  }

  Lives lives() {
    return lives;
  }

  /** A connection with all rights, as the project's own parts use it. */
  NatsConnection connect(String name) throws InterruptedException {
    return NatsConnection.open(
        List.of(site.natsUrl()), administrator(name), name, CONNECT, line -> {});
  }

  /** A connection with all rights, of jnats alone. */
  Connection connectRaw(String name) throws IOException, InterruptedException {
    return Nats.connect(
        new Options.Builder()
            .server(site.natsUrl())
            .authHandler(new SeedAuth(administrator(name)))
            .connectionName(name)
            .errorListener(new Silent())
            .maxReconnects(-1)
            .build());
  }

  /** That a server is away while it was taken away is no news. */
  private static final class Silent implements ErrorListener {}

  private Credentials administrator(String name) {
    return site.accounts().administrator(name, Clock.systemUTC());
  }

  /** Makes a pool. */
  Pool pool(String name, int replicas, int spares, String agent, String template) {
    String yaml =
        """
        apiVersion: strata.dev/v1alpha1
        kind: AgentPool
        metadata:
          name: %s
          namespace: %s
        spec:
          replicas: %d
          warm: {target: %d}
          agent: %s
          template: %s
        """
            .formatted(name, site.namespace(), replicas, spares, agent, template);
    // As text, because the fields that are left out are the API server's to fill in.
    GenericKubernetesResource made =
        site.client()
            .genericKubernetesResources("strata.dev/v1alpha1", "AgentPool")
            .inNamespace(site.namespace())
            .resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
            .create();
    return new Pool(this, name, made.getMetadata().getUid());
  }

  /**
   * Writes to the API server in a time by writer. Left out: node leases, the operator's leader
   * lease, and what the benchmark writes itself.
   */
  Map<String, Long> writes(Instant from, Instant until) {
    Map<String, Long> counts = new TreeMap<>();
    for (AuditLog.Entry entry : site.audit().between(from, until)) {
      if (counts(entry)) {
        counts.merge(AuditLog.writer(entry), 1L, Long::sum);
      }
    }
    return counts;
  }

  /** The operator's writes in a time by request, without its leader lease. */
  Map<String, Long> operatorWrites(Instant from, Instant until) {
    return AuditLog.countByRequest(
        site.audit().between(from, until).stream()
            .filter(entry -> counts(entry) && AuditLog.writer(entry).equals("operator"))
            .toList());
  }

  private static boolean counts(AuditLog.Entry entry) {
    boolean lease = entry.resource().equals("leases");
    // A review is a question about rights that happens to be a POST: nothing is stored.
    boolean question = entry.resource().endsWith("reviews");
    return !question
        && !(lease && entry.namespace().equals("kube-node-lease"))
        && !(lease && entry.namespace().equals(Cluster.SYSTEM_NAMESPACE));
  }

  @Override
  public void close() {
    ears.close();
    site.close();
  }
}

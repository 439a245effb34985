package dev.strata.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.harness.Cluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/**
 * What is given, what happens, what follows: a namespace on the shared cluster and the words in
 * which tests speak about it. Remembers who every agent was before each event.
 */
final class Story implements AutoCloseable {
  /** For things that come about by themselves when the machine is not overloaded. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Cluster cluster;
  private final String namespace;
  private final Map<String, PoolTasks> tasks = new ConcurrentHashMap<>();
  private Map<String, Holder> before = Map.of();

  /** Who holds an identity. */
  record Holder(@Nullable String podUid, int epoch) {}

  Story(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
    cluster.controlPlane().createNamespace(namespace);
  }

  /** Applies a pool and waits until it is Ready and has its spares. */
  Story given(PoolDraft pool) {
    applied(pool);
    then(Named.thePool(pool.name())).isReady(pool.replicas());
    then(Named.thePool(pool.name())).hasSpares(pool.warm());
    return this;
  }

  /** Applies a pool and does not wait. */
  Story applied(PoolDraft pool) {
    client().resource(pool.resource()).inNamespace(namespace).create();
    return this;
  }

  /** Lets things happen, one after the other. */
  Story when(Event... events) {
    before = holders();
    for (Event event : events) {
      event.happensIn(this);
    }
    return this;
  }

  PoolCheck then(Named.Pool pool) {
    return new PoolCheck(this, pool.name());
  }

  AgentCheck then(Named.Agent agent) {
    Holder was = before.get(agent.identity());
    assertThat(was).as("%s before the event; agents were %s", agent, before.keySet()).isNotNull();
    return new AgentCheck(this, agent, was);
  }

  /** All identities and who holds them. */
  Map<String, Holder> holders() {
    Map<String, Holder> holders = new HashMap<>();
    for (Lease lease :
        client().leases().inNamespace(namespace).withLabel("strata.dev/pool").list().getItems()) {
      Integer epoch = lease.getSpec().getLeaseTransitions();
      holders.put(
          lease.getMetadata().getName(),
          new Holder(lease.getSpec().getHolderIdentity(), epoch == null ? 0 : epoch));
    }
    return holders;
  }

  /** The pod that holds an identity. */
  Pod podOf(String identity) {
    Holder holder = holders().get(identity);
    assertThat(holder).as("%s in %s", identity, namespace).isNotNull();
    return podsOf(identity.substring(0, identity.lastIndexOf('-'))).stream()
        .filter(pod -> pod.getMetadata().getUid().equals(holder.podUid()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no pod has the UID that " + identity + " names"));
  }

  /** The pods of a pool, active or not. */
  List<Pod> podsOf(String pool) {
    return client()
        .pods()
        .inNamespace(namespace)
        .withLabel("strata.dev/pool", pool)
        .list()
        .getItems();
  }

  AgentPool pool(String name) {
    AgentPool pool =
        client().resources(AgentPool.class).inNamespace(namespace).withName(name).get();
    assertThat(pool).as("pool %s in %s", name, namespace).isNotNull();
    return pool;
  }

  /** Sends tasks to a pool. */
  PoolTasks tasks(String pool) {
    return tasks.computeIfAbsent(pool, name -> new PoolTasks(this, name));
  }

  /** Applies a gate. */
  Story gated(GateDraft gate) {
    client()
        .resource(gate.resource())
        .inNamespace(namespace)
        .fieldManager("story")
        .serverSideApply();
    return this;
  }

  GateCheck gate(String name) {
    return new GateCheck(this, name);
  }

  /** Remembers what a gate says from now on. */
  GateHistory history(String gate) {
    return new GateHistory(this, gate);
  }

  /** Sends so many tasks a second to a pool until it is closed. */
  Traffic traffic(String pool, String input, int perSecond) {
    return new Traffic(tasks(pool), input, perSecond);
  }

  /** Waits until a node is, or is not, Ready for the API server. */
  void awaitNode(String node, boolean ready) {
    eventually(
        PATIENCE,
        () ->
            assertThat(
                    client().nodes().withName(node).get().getStatus().getConditions().stream()
                        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True")))
                .as("%s is ready", node)
                .isEqualTo(ready));
  }

  static void eventually(Duration limit, ThrowingRunnable fact) {
    Awaitility.await()
        .atMost(limit)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsInstanceOf(IllegalArgumentException.class)
        .untilAsserted(fact);
  }

  /** Something is so now and stays so; the first moment at which it is not fails. */
  static void remains(Duration time, ThrowingRunnable fact) {
    Awaitility.await()
        .during(time)
        .atMost(time.plus(PATIENCE))
        .pollInterval(Duration.ofMillis(100))
        .failFast("it did not stay so", fact)
        .untilAsserted(fact);
  }

  String kubectl(String... arguments) {
    List<String> words = new ArrayList<>(List.of("-n", namespace));
    words.addAll(List.of(arguments));
    return cluster.kubectl(words.toArray(String[]::new));
  }

  Cluster cluster() {
    return cluster;
  }

  String namespace() {
    return namespace;
  }

  KubernetesClient client() {
    return cluster.client();
  }

  /** How things stand, for somebody who looks for the reason of a failure. */
  String picture() {
    try {
      return kubectl("get", "ap,qg,pods,leases", "-o", "wide", "--show-labels")
          + "\n"
          + kubectl("describe", "ap,qg");
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Removes the namespace's pools; the rest follows by itself. */
  @Override
  public void close() {
    tasks.values().forEach(PoolTasks::close);
    client().resources(AgentPool.class).inNamespace(namespace).delete();
    client().namespaces().withName(namespace).delete();
  }
}

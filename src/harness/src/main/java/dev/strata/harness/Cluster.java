package dev.strata.harness;

import dev.strata.harness.node.NodeSettings;
import dev.strata.harness.node.ProcessNode;
import dev.strata.protocol.nats.NatsAccounts;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A whole cluster with Strata in it, as a user has it: control plane, NATS, nodes, CRDs, chart,
 * operator. What the demo, the benchmarks and the system tests start, and do their faults to.
 */
public final class Cluster implements Site {
  /** Namespace of the operator and of the Secret with the NATS keys. */
  public static final String SYSTEM_NAMESPACE = "strata-system";

  private final ClusterSpec spec;
  private final ControlPlane controlPlane;
  private final Map<String, ProcessNode> nodes = new ConcurrentSkipListMap<>();
  private @Nullable OperatorProcess operator;

  /** Starts all of it; returns when the nodes are Ready and the operator says that it is ready. */
  public static Cluster start(ClusterSpec spec) {
    CompletableFuture<String> chart =
        CompletableFuture.supplyAsync(
            () ->
                ChartInstaller.render(
                    spec.chart(), "strata", SYSTEM_NAMESPACE, spec.chartValues()));
    Cluster cluster =
        new Cluster(spec, ControlPlane.start(spec.controlPlane().withCrds(spec.crds())));
    try {
      cluster.fill(chart.join());
      return cluster;
    } catch (RuntimeException e) {
      cluster.controlPlane.keepLogs();
      cluster.close();
      throw new IllegalStateException(
          "the cluster did not start; its logs are in " + cluster.logs(), e);
    }
  }

  private Cluster(ClusterSpec spec, ControlPlane controlPlane) {
    this.spec = spec;
    this.controlPlane = controlPlane;
  }

  private void fill(String chart) {
    new ChartInstaller(client()).applyRendered(chart, SYSTEM_NAMESPACE);
    if (spec.operator()) {
      operator =
          new OperatorProcess(
              controlPlane,
              OperatorProcess.Home.USUAL,
              "strata-operator-0",
              spec.operatorJar(),
              spec.operatorOptions());
      operator.launch();
    }
    IntStream.rangeClosed(1, spec.nodes())
        .parallel()
        .forEach(i -> addNode("node-" + i, spec.node()));
    controlPlane.createNamespace(spec.namespace());
    if (operator != null) {
      operator.awaitReady();
    }
  }

  /** Starts another node. */
  public ProcessNode addNode(String name, NodeSettings settings) {
    ProcessNode node = ProcessNode.start(controlPlane, name, spec.images(), settings);
    ProcessNode earlier = nodes.put(name, node);
    if (earlier != null) {
      earlier.kill();
    }
    return node;
  }

  /** Starts a node anew that was killed or stopped: same name, no processes. */
  public ProcessNode restartNode(String name) {
    return addNode(name, spec.node());
  }

  /**
   * A second operator beside the first, for questions of leadership; not yet started.
   *
   * @param options of its JVM, beside those that all operators of the cluster have
   */
  public OperatorProcess anotherOperator(String name, String... options) {
    return operatorAt(OperatorProcess.Home.USUAL, name, options);
  }

  /** An operator of another release of the chart; not yet started. */
  public OperatorProcess operatorAt(OperatorProcess.Home home, String name, String... options) {
    List<String> all = new ArrayList<>(spec.operatorOptions());
    all.addAll(List.of(options));
    return new OperatorProcess(controlPlane, home, name, spec.operatorJar(), all);
  }

  /** The administrator's client. */
  @Override
  public KubernetesClient client() {
    return controlPlane.client();
  }

  /** The namespace for pools. */
  @Override
  public String namespace() {
    return spec.namespace();
  }

  public ControlPlane controlPlane() {
    return controlPlane;
  }

  public List<ProcessNode> nodes() {
    return new ArrayList<>(nodes.values());
  }

  public ProcessNode node(String name) {
    ProcessNode node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException("no node " + name + ", only " + nodes.keySet());
    }
    return node;
  }

  /** The node that has a pod of this name; of several namespaces, any. */
  public ProcessNode nodeOf(String pod) {
    return nodes.values().stream()
        .filter(node -> node.hasPod(pod))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no node has a pod " + pod));
  }

  public NatsServer nats() {
    return controlPlane.nats();
  }

  @Override
  public String natsUrl() {
    return nats().url();
  }

  /** The keys with which NATS users are minted. */
  @Override
  public NatsAccounts accounts() {
    return nats().accounts();
  }

  public OperatorProcess operator() {
    if (operator == null) {
      throw new IllegalStateException("this cluster was started without an operator");
    }
    return operator;
  }

  /** Name of the operator that holds the leader lease now; empty when none does. */
  public String leader() {
    Lease lease = client().leases().inNamespace(SYSTEM_NAMESPACE).withName("strata-operator").get();
    String holder = lease == null ? null : lease.getSpec().getHolderIdentity();
    return holder == null ? "" : holder;
  }

  /**
   * Which of its programs do not run, who leads and what the operator said last: what the message
   * of a failure needs where nobody can look at the logs.
   */
  public String condition() {
    StringBuilder said = new StringBuilder(controlPlane.whatDoesNotRun());
    if (operator != null) {
      said.append(operator.condition());
    }
    try {
      said.append("leader: ").append(leader()).append('\n');
    } catch (KubernetesClientException e) {
      said.append("leader: ").append(e.getMessage()).append('\n');
    }
    return said.toString();
  }

  /** All writes to the API server so far. */
  @Override
  public AuditLog audit() {
    return controlPlane.audit();
  }

  @Override
  public long agentProcess(String node, String pod) {
    return node(node).processes(pod).getOrDefault("agent", -1L);
  }

  /** Kubeconfig file of an administrator. */
  public Path kubeconfig() {
    return controlPlane.kubeconfig();
  }

  /** Folder with the logs of all programs and, under pods/, of all containers. */
  public Path logs() {
    return controlPlane.logs();
  }

  /** The namespaces' images, to add to. */
  public ImageTable images() {
    return spec.images();
  }

  /**
   * Runs kubectl as administrator in {@link #namespace}.
   *
   * @return what it prints
   * @throws IllegalStateException with what it says when it fails
   */
  public String kubectl(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                controlPlane.binaries().resolve("kubectl").toString(),
                "--kubeconfig=" + kubeconfig(),
                "--namespace=" + namespace()));
    command.addAll(List.of(arguments));
    return Command.of(command).run();
  }

  /** Ends all of it. */
  @Override
  public void close() {
    if (operator != null) {
      operator.kill();
    }
    nodes.values().forEach(ProcessNode::kill);
    controlPlane.close();
  }
}

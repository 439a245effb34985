package dev.strata.harness.kind;

import dev.strata.harness.AuditLog;
import dev.strata.harness.DockerEngine;
import dev.strata.harness.ImageTable;
import dev.strata.harness.Site;
import dev.strata.protocol.nats.NatsAccounts;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Strata on a Kind cluster, installed the way a user does it, in namespaces that restrict pods. */
public final class KindStrata implements Site {
  /** Of the release. */
  public static final String SYSTEM = "strata-system";

  /** Where pools go. */
  public static final String AGENTS = "agents";

  private static final List<String> ARCHIVES = List.of("agent.tar", "operator.tar", "nats.tar");

  private final KindCluster cluster;
  private final Path root;
  private @Nullable String natsUrl;

  public KindStrata(KindCluster cluster, Path root) {
    this.cluster = cluster;
    this.root = root;
  }

  /** A cluster with Strata on it; the root folder is the system property {@code strata.root}. */
  public static KindStrata started() {
    Path root = Path.of(System.getProperty("strata.root", ".")).toAbsolutePath().normalize();
    DockerEngine engine =
        DockerEngine.running()
            .orElseThrow(
                () -> new IllegalStateException("no Docker engine answers: make docker-engine"));
    var strata = new KindStrata(KindCluster.open(engine, root, root.resolve("target/kind")), root);
    strata.load();
    strata.install();
    return strata;
  }

  /** Puts the images of {@code make images} onto the nodes. */
  public void load() {
    for (String archive : ARCHIVES) {
      Path file = root.resolve("target/images").resolve(archive);
      if (!Files.exists(file)) {
        throw new IllegalStateException(file + " is missing: make images");
      }
      cluster.load(file);
    }
  }

  /**
   * Builds the image of examples/exec-image on a base that the engine has, and puts it onto the
   * nodes.
   */
  public void loadAgentWithShell() {
    cluster.buildAndLoad(
        root.resolve("examples/exec-image"),
        root.resolve("target/images/agent.tar"),
        ImageTable.AGENT_WITH_SHELL,
        root.resolve("target/images/agent-shell.tar"));
  }

  /** Both namespaces refuse every pod that the restricted profile refuses. */
  public void namespaces() {
    for (String name : List.of(SYSTEM, AGENTS)) {
      cluster.apply(
          """
              apiVersion: v1
              kind: Namespace
              metadata:
                name: %s
                labels:
                  pod-security.kubernetes.io/enforce: restricted
              """
              .formatted(name),
          "default");
    }
  }

  /** Installs the chart and waits until its pods are ready. */
  public String install(String... further) {
    namespaces();
    // A cluster that is used again may have it already.
    return helm("upgrade", Stream.concat(Stream.of("--install"), Stream.of(further)));
  }

  /** Upgrades the release and waits until its pods are ready. */
  public String upgrade(String... further) {
    return helm("upgrade", Stream.of(further));
  }

  /** What it stands on. */
  public KindCluster cluster() {
    return cluster;
  }

  /** As {@link KindCluster#export}, and what each NATS server knows of its streams. */
  public void export(Path to) {
    cluster.export(to);
    client()
        .pods()
        .inNamespace(SYSTEM)
        .withLabel("app.kubernetes.io/component", "nats")
        .list()
        .getItems()
        .forEach(server -> exportStreams(server.getMetadata().getName(), to));
  }

  private void exportStreams(String server, Path to) {
    String path =
        "/api/v1/namespaces/%s/pods/%s:8222/proxy/jsz?streams=1&consumers=1&config=1&raft=1"
            .formatted(SYSTEM, server);
    String streams;
    try {
      streams = cluster.kubectl("get", "--raw", path, "--request-timeout=10s");
    } catch (IllegalStateException e) {
      // A server that does not answer is a finding too.
      streams = String.valueOf(e.getMessage());
    }
    try {
      Files.writeString(to.resolve(server + "-streams.json"), streams);
    } catch (IOException e) {
      throw new UncheckedIOException("nothing can be written to " + to, e);
    }
  }

  /** Runs kubectl as administrator in the namespace for pools; returns what it prints. */
  public String kubectl(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--namespace=" + AGENTS));
    all.addAll(List.of(arguments));
    return cluster.kubectl(all.toArray(String[]::new));
  }

  /** The pods of a pool, those on their way out too. */
  public List<Pod> pods(String pool) {
    return client().pods().inNamespace(AGENTS).withLabel("strata.dev/pool", pool).list().getItems();
  }

  /** Applies YAML documents in the namespace for pools. */
  public void apply(String yaml) {
    cluster.apply(yaml, AGENTS);
  }

  @Override
  public KubernetesClient client() {
    return cluster.client();
  }

  @Override
  public String namespace() {
    return AGENTS;
  }

  /** A port of a node, because the servers' own addresses are known inside of the cluster only. */
  @Override
  public synchronized String natsUrl() {
    if (natsUrl == null) {
      natsUrl = "nats://%s:%d".formatted(cluster.address(cluster.nodes().getFirst()), natsPort());
    }
    return natsUrl;
  }

  private int natsPort() {
    cluster.apply(
        """
        apiVersion: v1
        kind: Service
        metadata:
          name: nats-outside
        spec:
          type: NodePort
          selector:
            app.kubernetes.io/component: nats
          ports:
            - port: 4222
        """,
        SYSTEM);
    return client()
        .services()
        .inNamespace(SYSTEM)
        .withName("nats-outside")
        .require()
        .getSpec()
        .getPorts()
        .getFirst()
        .getNodePort();
  }

  @Override
  public NatsAccounts accounts() {
    return NatsAccounts.fromSecret(
        client()
            .secrets()
            .inNamespace(SYSTEM)
            .withName("strata-nats")
            .require()
            .getData()
            .entrySet()
            .stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, entry -> Base64.getDecoder().decode(entry.getValue()))));
  }

  @Override
  public AuditLog audit() {
    return cluster.audit();
  }

  /** Nodes are containers: what runs on them is a process of this machine too. */
  @Override
  public long agentProcess(String node, String pod) {
    return ProcessHandle.allProcesses()
        .mapToLong(ProcessHandle::pid)
        .filter(pid -> isAgent(pid, pod))
        .findFirst()
        .orElse(-1);
  }

  private static boolean isAgent(long pid, String pod) {
    try {
      return Arrays.asList(
              Files.readString(Path.of("/proc", Long.toString(pid), "environ")).split("\0", -1))
          .contains("STRATA_POD_NAME=" + pod);
    } catch (IOException e) {
      return false; // it has ended, or belongs to somebody else
    }
  }

  /** Ends the cluster, unless it is kept. */
  @Override
  public void close() {
    cluster.close();
  }

  private String helm(String verb, Stream<String> further) {
    List<String> command =
        new ArrayList<>(
            List.of(
                verb,
                "strata",
                root.resolve("helm/strata").toString(),
                "--namespace=" + SYSTEM,
                "--values=" + root.resolve("src/harness/kind/values.yaml"),
                "--wait",
                "--timeout=3m"));
    further.forEach(command::add);
    return cluster.helm(command.toArray(String[]::new));
  }
}

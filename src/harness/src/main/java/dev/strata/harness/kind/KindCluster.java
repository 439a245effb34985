package dev.strata.harness.kind;

import dev.strata.harness.Assets;
import dev.strata.harness.AuditLog;
import dev.strata.harness.Command;
import dev.strata.harness.DockerEngine;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Three nodes with real kubelets, each a container. What a cluster of process nodes cannot show is
 * shown here: images, the restricted profile, probes, the chart, the loss of a machine.
 *
 * <p>With {@code HARNESS_REUSE=1} a cluster of the same name is used again and left running.
 */
public final class KindCluster implements AutoCloseable {
  /** Of the cluster of tests, demo and benchmarks; nodes' names begin with it. */
  public static final String NAME = "strata-test";

  /** Of the cluster that stays until it is told to go, which no test touches. */
  static final String LASTING = "strata";

  private static final Duration CREATE = Duration.ofMinutes(5);
  private static final Duration LOAD = Duration.ofMinutes(3);
  private static final int VOLUMES = 4;
  private static final int FREEZES = 10;
  private static final String AUDIT = "audit";

  private final String name;
  private final DockerEngine engine;
  private final Path programs;
  private final Path kubeconfig;
  private final NodeImage image;
  private final KubernetesClient client;
  private final boolean kept;

  private KindCluster(
      String name,
      DockerEngine engine,
      Path programs,
      Path kubeconfig,
      NodeImage image,
      boolean kept) {
    this.name = name;
    this.image = image;
    this.engine = engine;
    this.programs = programs;
    this.kubeconfig = kubeconfig;
    this.kept = kept;
    try {
      client =
          new KubernetesClientBuilder()
              .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig)))
              .build();
    } catch (IOException e) {
      throw new UncheckedIOException("kind wrote no kubeconfig", e);
    }
  }

  /**
   * Makes the cluster of tests, or finds it when it may be used again; returns when all nodes are
   * Ready and names are resolved.
   *
   * @param root the project's root folder
   * @param folder for the kubeconfig
   */
  public static KindCluster open(DockerEngine engine, Path root, Path folder) {
    return open(NAME, engine, root, folder);
  }

  /** Likewise, of this name; another one that has it and may not be used again goes first. */
  static KindCluster open(String name, DockerEngine engine, Path root, Path folder) {
    boolean reuse = "1".equals(System.getenv("HARNESS_REUSE"));
    Assets assets = Assets.standard();
    Path programs = assets.require(List.of("kind", "kubectl", "helm"));
    Path files = root.resolve("src/harness/kind");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Path kubeconfig = folder.resolve("kubeconfig");
    NodeImage image = NodeImage.find(engine, assets, files.resolve("image"));
    if (exists(name, engine, programs)) {
      if (reuse) {
        kind(engine, programs, "export", "kubeconfig", "--name", name, "--kubeconfig", kubeconfig)
            .run();
        return new KindCluster(name, engine, programs, kubeconfig, image, true);
      }
      kind(engine, programs, "delete", "cluster", "--name", name).run();
    }
    List<Object> create =
        new ArrayList<>(
            List.of("create", "cluster", "--name", name, "--kubeconfig", kubeconfig, "--image"));
    create.add(image.name());
    create.add("--config");
    create.add(
        configuration(
            files.resolve(image.stock() ? "cluster-stock.yaml" : "cluster.yaml"), folder));
    kind(engine, programs, create.toArray()).within(CREATE).run();
    var cluster = new KindCluster(name, engine, programs, kubeconfig, image, reuse);
    try {
      if (!image.stock()) {
        cluster.connectPods();
        cluster.makeVolumes();
        cluster.applyFile(files.resolve("dns.yaml"));
      }
      cluster.kubectl("wait", "--for=condition=Ready", "nodes", "--all", "--timeout=120s");
      cluster.kubectl(
          "-n", "kube-system", "rollout", "status", "deployment/coredns", "--timeout=120s");
      cluster.kubectl(
          "-n", "kube-system", "rollout", "status", "daemonset/kube-proxy", "--timeout=120s");
    } catch (RuntimeException e) {
      cluster.closeWithEvidence(folder.resolve("logs"), e);
      throw e;
    }
    return cluster;
  }

  private void closeWithEvidence(Path logs, RuntimeException cause) {
    try {
      export(logs);
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
    close();
  }

  /** The file with the folder of the audit log in it. */
  private static Path configuration(Path template, Path folder) {
    try {
      Path audit = folder.resolve(AUDIT);
      Files.createDirectories(audit);
      Files.deleteIfExists(audit.resolve("audit.log"));
      AuditLog.writePolicy(audit.resolve("audit-policy.yaml"));
      return Files.writeString(
          folder.resolve("cluster.yaml"),
          Files.readString(template).replace("@AUDIT@", audit.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException("the configuration of kind cannot be written", e);
    }
  }

  /** Deletes the clusters that were left, if there are any. */
  static void delete(DockerEngine engine) {
    Path programs = Assets.standard().require(List.of("kind"));
    for (String name : List.of(LASTING, NAME)) {
      kind(engine, programs, "delete", "cluster", "--name", name).run();
    }
  }

  private static boolean exists(String name, DockerEngine engine, Path programs) {
    return kind(engine, programs, "get", "clusters").run().lines().anyMatch(name::equals);
  }

  private static Command kind(DockerEngine engine, Path programs, Object... arguments) {
    List<String> command = new ArrayList<>(List.of(programs.resolve("kind").toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return Command.of(command).with(engine.environment());
  }

  /** Each node knows its own range of pod addresses and the way to the others'. */
  private void connectPods() {
    awaitAddresses();
    List<Node> all = client.nodes().list().getItems();
    for (Node node : all) {
      String ways =
          all.stream()
              .filter(other -> !other.getMetadata().getName().equals(node.getMetadata().getName()))
              .map(other -> other.getSpec().getPodCIDR() + " " + address(other) + "\n")
              .collect(Collectors.joining());
      String host = node.getMetadata().getName();
      engine
          .docker(
              List.of(
                  "exec",
                  "-i",
                  host,
                  "sh",
                  "-c",
                  "cat > /etc/pod-network && /usr/local/bin/pod-network"))
          .reading(node.getSpec().getPodCIDR() + "\n" + ways)
          .run();
    }
  }

  /** A node joins before it is an object, and has its range when a controller has given it one. */
  private void awaitAddresses() {
    List<String> made =
        kind(engine, programs, "get", "nodes", "--name", name)
            .run()
            .lines()
            .map(node -> "node/" + node.strip())
            .toList();
    for (String state :
        List.of("create", "jsonpath={.spec.podCIDR}", "jsonpath={.status.addresses}")) {
      List<String> wait = new ArrayList<>(List.of("wait", "--for=" + state, "--timeout=60s"));
      wait.addAll(made);
      kubectl(wait.toArray(String[]::new));
    }
  }

  private static String address(Node node) {
    return node.getStatus().getAddresses().stream()
        .filter(address -> address.getType().equals("InternalIP"))
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException(node.getMetadata().getName() + " has no address"))
        .getAddress();
  }

  /** Local volumes, because the kubelet gives those to a pod's group. */
  private void makeVolumes() {
    StringBuilder yaml = new StringBuilder();
    for (String node : nodes()) {
      for (int i = 0; i < VOLUMES; i++) {
        exec(node, "mkdir", "-p", "/var/local/volumes/" + i);
        yaml.append(
            """
            ---
            apiVersion: v1
            kind: PersistentVolume
            metadata:
              name: %1$s-%2$d
            spec:
              storageClassName: standard
              capacity:
                storage: 5Gi
              accessModes: [ReadWriteOnce]
              persistentVolumeReclaimPolicy: Retain
              local:
                path: /var/local/volumes/%2$d
              nodeAffinity:
                required:
                  nodeSelectorTerms:
                    - matchExpressions:
                        - key: kubernetes.io/hostname
                          operator: In
                          values: [%1$s]
            """
                .formatted(node, i));
      }
    }
    apply(yaml.toString(), "default");
  }

  private void applyFile(Path file) {
    kubectl("apply", "-f", file.toString());
  }

  /** Applies YAML documents; those without a namespace of their own go into the given one. */
  public void apply(String yaml, String namespace) {
    program("kubectl", "--namespace=" + namespace, "apply", "-f", "-").reading(yaml).run();
  }

  /** The administrator's client. */
  public KubernetesClient client() {
    return client;
  }

  public Path kubeconfig() {
    return kubeconfig;
  }

  /** All writes to the API server so far. */
  public AuditLog audit() {
    return new AuditLog(kubeconfig.resolveSibling(AUDIT).resolve("audit.log"));
  }

  /** Where a node's ports are reached from outside of the cluster. */
  public String address(String node) {
    return address(client.nodes().withName(node).require());
  }

  /** The names of the nodes, the one of the control plane first. */
  public List<String> nodes() {
    return client.nodes().list().getItems().stream()
        .map(node -> node.getMetadata().getName())
        .sorted()
        .toList();
  }

  /** Puts an image archive onto all nodes. */
  public void load(Path archive) {
    kind(engine, programs, "load", "image-archive", archive, "--name", name).within(LOAD).run();
  }

  /** Builds an image on top of another one that is an archive, and puts it onto all nodes. */
  void buildAndLoad(Path folder, Path needs, String tag, Path archive) {
    engine.docker("load", "--quiet", "--input", needs.toString());
    List<String> build = new ArrayList<>(List.of("build", "--quiet", "--tag", tag));
    if (!image.stock()) {
      build.addAll(List.of("--build-arg", "BASE=" + NodeImage.BASE));
    }
    build.add(folder.toString());
    engine.docker(build).with(Map.of("DOCKER_BUILDKIT", "0")).within(LOAD).run();
    engine.docker("save", "--output", archive.toString(), tag);
    load(archive);
  }

  /** Runs kubectl as administrator; returns what it prints. */
  public String kubectl(String... arguments) {
    return program("kubectl", arguments).within(Duration.ofMinutes(5)).run();
  }

  /** Runs helm as administrator; returns what it prints. */
  public String helm(String... arguments) {
    return program("helm", arguments).within(Duration.ofMinutes(6)).run();
  }

  private Command program(String file, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(programs.resolve(file).toString(), "--kubeconfig=" + kubeconfig));
    command.addAll(List.of(arguments));
    return Command.of(command);
  }

  /** Runs a program on a node; returns what it prints. */
  public String exec(String node, String... command) {
    List<String> all = new ArrayList<>(List.of("exec", node));
    all.addAll(List.of(command));
    return engine.docker(all).run();
  }

  /** The machine loses power: all processes end without notice. */
  public void killNode(String node) {
    engine.docker("kill", node);
  }

  /** Switches a killed machine on again. */
  public void startNode(String node) {
    engine.docker("start", node);
  }

  /**
   * The machine stands still: connections stay open and nothing is answered. With control groups of
   * version 1 the runtime gives up, and lets go what it has frozen, when processes start others all
   * the while.
   */
  public void freezeNode(String node) {
    for (int attempt = 1; ; attempt++) {
      try {
        engine.docker("pause", node);
        return;
      } catch (IllegalStateException e) {
        if (attempt == FREEZES || !String.valueOf(e.getMessage()).contains("unable to freeze")) {
          throw e;
        }
      }
    }
  }

  /** Ends {@link #freezeNode}. */
  public void thawNode(String node) {
    engine.docker("unpause", node);
  }

  /** Writes logs of nodes and pods, events and objects into a folder. */
  public void export(Path to) {
    kind(engine, programs, "export", "logs", to, "--name", name).within(LOAD).succeeds();
    try {
      Files.createDirectories(to);
      Files.writeString(
          to.resolve("events.txt"), kubectl("get", "events", "-A", "--sort-by=.lastTimestamp"));
      Files.writeString(to.resolve("pods.yaml"), kubectl("get", "pods", "-A", "-o", "yaml"));
      Files.writeString(to.resolve("pods.txt"), kubectl("get", "pods", "-A", "-o", "wide"));
    } catch (IOException e) {
      throw new UncheckedIOException("nothing can be written to " + to, e);
    }
  }

  /** Deletes it, unless it is kept to be used again. */
  @Override
  public void close() {
    client.close();
    if (!kept) {
      kind(engine, programs, "delete", "cluster", "--name", name, "--kubeconfig", kubeconfig).run();
    }
  }
}

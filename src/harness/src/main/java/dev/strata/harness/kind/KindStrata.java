package dev.strata.harness.kind;

import dev.strata.harness.ImageTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Strata on a Kind cluster, installed the way a user does it, in namespaces that restrict pods. */
public final class KindStrata {
  /** Of the release. */
  public static final String SYSTEM = "strata-system";

  /** Where pools go. */
  public static final String AGENTS = "agents";

  private static final List<String> ARCHIVES = List.of("agent.tar", "operator.tar", "nats.tar");

  private final KindCluster cluster;
  private final Path root;

  public KindStrata(KindCluster cluster, Path root) {
    this.cluster = cluster;
    this.root = root;
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
    return helm("install", further);
  }

  /** Upgrades the release and waits until its pods are ready. */
  public String upgrade(String... further) {
    return helm("upgrade", further);
  }

  private String helm(String verb, String... further) {
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
    command.addAll(List.of(further));
    return cluster.helm(command.toArray(String[]::new));
  }
}

package dev.strata.harness;

import dev.strata.harness.node.NodeSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link Cluster} is made of.
 *
 * @param root the project's root folder: crds/, helm/strata, and what the build made
 * @param controlPlane tier T2
 * @param nodes number of process nodes, named node-1, node-2 and so on
 * @param node their settings
 * @param namespace made for the user's pools
 * @param operator whether the operator is started
 * @param operatorOptions further options of the operator's JVM
 * @param chartValues values of the chart
 * @param images what nodes can run
 */
public record ClusterSpec(
    Path root,
    ControlPlaneSpec controlPlane,
    int nodes,
    NodeSettings node,
    String namespace,
    boolean operator,
    List<String> operatorOptions,
    Map<String, String> chartValues,
    ImageTable images) {

  /** Operator and NATS are processes of the harness, not pods, and the CRDs are there before. */
  private static final Map<String, String> ITS_OWN =
      Map.of("operator.enabled", "false", "nats.enabled", "false", "crds.install", "false");

  public ClusterSpec {
    root = root.toAbsolutePath();
    operatorOptions = List.copyOf(operatorOptions);
    chartValues = Map.copyOf(chartValues);
  }

  /**
   * Three nodes, the operator, the agent image of the build. The root folder is the system property
   * {@code strata.root}, else the working folder; the agent image {@code strata.agent.image}, else
   * agent-image/target/image below the root. The chart installs rights only.
   */
  public static ClusterSpec standard() {
    Path root = Path.of(System.getProperty("strata.root", ".")).toAbsolutePath().normalize();
    String image = System.getProperty("strata.agent.image");
    return new ClusterSpec(
        root,
        ControlPlaneSpec.of(Tier.T2),
        3,
        NodeSettings.usual(),
        "agents",
        true,
        List.of(),
        ITS_OWN,
        ImageTable.withAgent(
            image == null ? root.resolve("agent-image/target/image") : Path.of(image)));
  }

  public ClusterSpec withControlPlane(ControlPlaneSpec spec) {
    return new ClusterSpec(
        root, spec, nodes, node, namespace, operator, operatorOptions, chartValues, images);
  }

  public ClusterSpec withNodes(int count) {
    return new ClusterSpec(
        root, controlPlane, count, node, namespace, operator, operatorOptions, chartValues, images);
  }

  public ClusterSpec withNode(NodeSettings settings) {
    return new ClusterSpec(
        root,
        controlPlane,
        nodes,
        settings,
        namespace,
        operator,
        operatorOptions,
        chartValues,
        images);
  }

  public ClusterSpec withNamespace(String name) {
    return new ClusterSpec(
        root, controlPlane, nodes, node, name, operator, operatorOptions, chartValues, images);
  }

  public ClusterSpec withoutOperator() {
    return new ClusterSpec(
        root, controlPlane, nodes, node, namespace, false, operatorOptions, chartValues, images);
  }

  public ClusterSpec withOperatorOptions(String... options) {
    return new ClusterSpec(
        root,
        controlPlane,
        nodes,
        node,
        namespace,
        operator,
        List.of(options),
        chartValues,
        images);
  }

  /** Values beside those that are there already. */
  public ClusterSpec withChartValues(Map<String, String> values) {
    Map<String, String> all = new HashMap<>(chartValues);
    all.putAll(values);
    return new ClusterSpec(
        root, controlPlane, nodes, node, namespace, operator, operatorOptions, all, images);
  }

  public ClusterSpec withImages(ImageTable table) {
    return new ClusterSpec(
        root, controlPlane, nodes, node, namespace, operator, operatorOptions, chartValues, table);
  }

  Path chart() {
    return root.resolve("helm/strata");
  }

  Path crds() {
    return root.resolve("crds");
  }

  Path operatorJar() {
    return root.resolve("operator/target/quarkus-app/quarkus-run.jar");
  }
}

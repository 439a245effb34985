package dev.strata.e2e;

import static dev.strata.e2e.PoolDraft.pool;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strata.harness.Cluster;
import dev.strata.harness.HelmCall;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the chart says of a running operator and of its agents, beside what they are. */
@SystemTest
final class ChartInClusterTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SELF_TEST_SECONDS = 30;
  private static final Pattern METRIC = Pattern.compile("strata_[a-z_]+");

  @Test
  void alertsAreAboutMetricsThatThereAre(Story story) {
    story.given(pool("watched").replicas(1));
    SortedSet<String> asked =
        metrics(
            Project.text(Chart.folder().resolve("templates/metrics.yaml"))
                .lines()
                .filter(line -> line.contains("expr:"))
                .toList());
    assertThat(asked).hasSizeGreaterThan(3);
    assertThat(metrics(OperatorMetrics.of(story.cluster()).lines())).containsAll(asked);
  }

  private static SortedSet<String> metrics(List<String> lines) {
    TreeSet<String> names = new TreeSet<>();
    for (String line : lines) {
      METRIC.matcher(line).results().forEach(found -> names.add(found.group()));
    }
    return names;
  }

  @Test
  void helmTestAnswersForAnInstallation(Story story) {
    Cluster cluster = story.cluster();
    Chart chart =
        Chart.of(HelmCall.of(Chart.folder(), "strata", Cluster.SYSTEM_NAMESPACE), cluster.client());
    Pod pod = chart.only(Pod.class);
    chart.objects().stream()
        .filter(object -> object.getMetadata().getName().equals("strata-test"))
        .filter(object -> !(object instanceof Pod))
        .forEach(object -> cluster.client().resource(object).serverSideApply());
    assertThat(selfTest(cluster, pod, cluster.natsUrl()))
        .contains("agent pools are served", "strata-operator-0 leads", "0\n");
    assertThat(selfTest(cluster, pod, cluster.controlPlane().url()))
        .contains("NATS does not answer", "1\n");
  }

  /** Runs what the pod would run, as who it would be; returns what it says and its status. */
  private static String selfTest(Cluster cluster, Pod pod, String natsUrl) {
    var spec = pod.getSpec();
    String home = Project.root().resolve("operator/target/quarkus-app").toString();
    List<String> command =
        new ArrayList<>(
            spec.getContainers().getFirst().getCommand().stream()
                .map(word -> word.replace("/opt/strata/operator", home))
                .toList());
    command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "KUBECONFIG",
                cluster
                    .controlPlane()
                    .kubeconfigForServiceAccount(
                        Cluster.SYSTEM_NAMESPACE, spec.getServiceAccountName())
                    .toString(),
                "POD_NAMESPACE",
                Cluster.SYSTEM_NAMESPACE,
                "STRATA_LEASE",
                spec.getContainers().getFirst().getEnv().stream()
                    .filter(variable -> variable.getName().equals("STRATA_LEASE"))
                    .findFirst()
                    .orElseThrow()
                    .getValue(),
                "STRATA_NATS_URL",
                natsUrl));
    try {
      Process process = builder.start();
      if (!process.waitFor(SELF_TEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return said + process.waitFor() + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void policiesLetAgentsThrough(Story story) {
    story.given(pool("talkers").replicas(1).warm(1));
    LabelSelector agents =
        Chart.of(Map.of("networkPolicy.profile", "strict"), story.client())
            .all(NetworkPolicy.class)
            .filter(policy -> policy.getMetadata().getName().equals("strata-nats"))
            .flatMap(policy -> policy.getSpec().getIngress().stream())
            .flatMap(rule -> rule.getFrom().stream())
            .filter(peer -> peer.getNamespaceSelector() != null)
            .map(peer -> peer.getPodSelector())
            .findFirst()
            .orElseThrow();
    List<Pod> selected =
        story
            .client()
            .pods()
            .inNamespace(story.namespace())
            .withLabelSelector(agents)
            .list()
            .getItems();
    assertThat(selected).hasSize(2);
  }

  @Test
  void usersRolesKnowPools(Story story) throws IOException {
    for (String role : List.of("view", "edit", "admin")) {
      HasMetadata found = story.client().rbac().clusterRoles().withName(role).require();
      assertThat(JSON.writeValueAsString(found)).as(role).contains("agentpools", "qualitygates");
    }
  }
}

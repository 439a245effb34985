package dev.strata.e2e;

import static dev.strata.e2e.PoolDraft.pool;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strata.harness.Cluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the chart says of a running operator and of its agents, beside what they are. */
@SystemTest
final class ChartInClusterTest {
  private static final ObjectMapper JSON = new ObjectMapper();
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
    assertThat(metrics(scrape(story.cluster()))).containsAll(asked);
  }

  private static SortedSet<String> metrics(List<String> lines) {
    TreeSet<String> names = new TreeSet<>();
    for (String line : lines) {
      METRIC.matcher(line).results().forEach(found -> names.add(found.group()));
    }
    return names;
  }

  private static List<String> scrape(Cluster cluster) {
    var request =
        HttpRequest.newBuilder(URI.create(cluster.operator().url() + "/q/metrics")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(request, HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
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
      assertThat(JSON.writeValueAsString(found)).as(role).contains("agentpools");
    }
  }
}

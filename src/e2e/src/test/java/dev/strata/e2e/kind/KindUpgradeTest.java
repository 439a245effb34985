package dev.strata.e2e.kind;

import static dev.strata.e2e.kind.Steps.eventually;
import static dev.strata.e2e.kind.Steps.say;
import static dev.strata.e2e.kind.Steps.timed;
import static dev.strata.e2e.kind.Steps.uids;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.strata.e2e.Project;
import dev.strata.harness.DockerEngine;
import dev.strata.harness.kind.KindCluster;
import dev.strata.harness.kind.KindStrata;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * From an earlier version to this one and back, with the earlier version's agents at work: {@code
 * make test-upgrade FROM=...}. The system property {@code strata.previous} is a check-out of it
 * whose images are made.
 */
@Tag("upgrade")
final class KindUpgradeTest {
  private static final String TEMPLATE = "example.com/agents";
  private static final String POOL = "work";

  /** On the nodes, the earlier images have this tag: both versions may call themselves the same. */
  private static final String PREVIOUS = "previous";

  /**
   * NATS users are renewed after half a minute, with the rights that the operator of the moment
   * gives.
   */
  private static final String RENEWALS = "--set=agent.credentialsValidity=1m";

  /** An agent's version. */
  private enum Version {
    EARLIER,
    THIS
  }

  /** How many tasks are handed in after agents have new users. */
  private static final int FURTHER = 30;

  private static final Path ROOT = Project.root().toAbsolutePath();

  /** All agents there were, by the names of their pods. */
  private final Map<String, Version> seen = new HashMap<>();

  @Test
  void agentsOfBothVersionsWorkUnderOperatorsOfBoth() throws Exception {
    Path earlier = Path.of(System.getProperty("strata.previous"));
    DockerEngine engine =
        DockerEngine.running()
            .orElseThrow(() -> new IllegalStateException("no Docker engine: make test-upgrade"));
    try (KindCluster cluster = KindCluster.open(engine, ROOT, ROOT.resolve("target/kind"))) {
      var before = new KindStrata(cluster, earlier);
      before.load();
      keepAsPrevious(cluster);
      var now = new KindStrata(cluster, ROOT);
      now.load();
      try {
        upgradeAndBack(before, now);
      } catch (Exception | AssertionError e) {
        now.export(ROOT.resolve("target/kind/logs"));
        throw e;
      }
    }
  }

  private void upgradeAndBack(KindStrata before, KindStrata now) throws Exception {
    before.install(
        "--set=operator.image.tag=" + PREVIOUS, "--set=agent.image.tag=" + PREVIOUS, RENEWALS);
    before.apply(
        """
        apiVersion: strata.dev/v1alpha1
        kind: AgentPool
        metadata:
          name: work
        spec:
          replicas: 3
          warm:
            target: 1
          agent:
            handler:
              java:
                name: sleep
            concurrency: 4
        """);
    ready(now);
    List<String> old = uids(pods(now));

    try (var tasks = new SteadyTasks(now.cluster(), POOL, "200")) {
      timed("upgrade", () -> now.upgrade(RENEWALS));
      assertThat(uids(pods(now))).as("agents of the earlier version").isEqualTo(old);
      passed(
          now, "under the new operator, by agents of the earlier version", tasks, Version.EARLIER);
    }
    try (var tasks = new SteadyTasks(now.cluster(), POOL, "200")) {
      now.kubectl("scale", "ap/" + POOL, "--replicas=6");
      eventually(() -> assertThat(pods(now)).hasSizeGreaterThanOrEqualTo(7));
      ready(now);
      passed(now, "by agents of both versions", tasks, Version.EARLIER, Version.THIS);
    }
    try (var tasks = new SteadyTasks(now.cluster(), POOL, "200")) {
      now.kubectl(
          "patch",
          "ap/" + POOL,
          "--type=merge",
          "--patch={\"spec\":{\"template\":{\"annotations\":{\"%s\":\"new\"}}}}"
              .formatted(TEMPLATE));
      timed(
          "all agents replaced",
          () ->
              eventually(
                  () ->
                      assertThat(pods(now))
                          .hasSize(7)
                          .extracting(pod -> pod.getMetadata().getAnnotations().get(TEMPLATE))
                          .containsOnly("new")));
      ready(now);
      passed(now, "while the agents were replaced", tasks, Version.EARLIER, Version.THIS);
    }
    List<String> fresh = uids(pods(now));
    try (var tasks = new SteadyTasks(now.cluster(), POOL, "200")) {
      timed(
          "rollback",
          () ->
              now.cluster()
                  .helm("rollback", "strata", "1", "--namespace=" + KindStrata.SYSTEM, "--wait"));
      assertThat(uids(pods(now))).as("agents of the new version").isEqualTo(fresh);
      passed(now, "under the earlier operator, by agents of the new version", tasks, Version.THIS);
    }
  }

  /**
   * Tasks are handed in until all agents have had new users for some of them; then all are looked
   * at.
   *
   * @param by agents of which versions have to have done them, and nobody else
   */
  private void passed(KindStrata strata, String when, SteadyTasks tasks, Version... by)
      throws Exception {
    Map<String, Long> renewals = renewals(strata);
    eventually(
        () ->
            assertThat(renewals(strata))
                .as("how often agents have new users")
                .allSatisfy(
                    (pod, count) ->
                        assertThat(count).isGreaterThan(renewals.getOrDefault(pod, 0L))));
    int now = tasks.accepted();
    eventually(() -> assertThat(tasks.accepted()).isGreaterThan(now + FURTHER));
    List<JsonNode> ended = tasks.end();
    say("%d tasks %s".formatted(ended.size(), when));
    assertThat(ended)
        .as("tasks " + when)
        .extracting(result -> result.path("status").asText())
        .containsOnly("DONE");
    assertThat(ended)
        .as("who did the tasks " + when)
        .extracting(result -> seen.get(result.path("pod").asText()))
        .containsOnly(by);
  }

  /** By agent, as its log tells; none of one that has no log yet, or no more. */
  private Map<String, Long> renewals(KindStrata strata) {
    return pods(strata).stream()
        .map(pod -> pod.getMetadata().getName())
        .collect(Collectors.toMap(name -> name, name -> renewals(strata, name)));
  }

  private static long renewals(KindStrata strata, String pod) {
    try {
      return strata
          .kubectl("logs", pod)
          .lines()
          .filter(line -> line.contains("credentials renewed until"))
          .count();
    } catch (IllegalStateException e) {
      return 0;
    }
  }

  private static void keepAsPrevious(KindCluster cluster) {
    for (String node : cluster.nodes()) {
      for (String image : List.of("operator", "agent")) {
        cluster.exec(
            node,
            "bash",
            "-c",
            "ctr -n k8s.io images tag --force $(ctr -n k8s.io images ls -q | grep /strata/%1$s: | head -1) docker.io/strata/%1$s:%2$s"
                .formatted(image, PREVIOUS));
      }
    }
  }

  private static void ready(KindStrata strata) {
    strata.kubectl("wait", "--for=condition=Ready", "ap/" + POOL, "--timeout=90s");
  }

  private static Version version(Pod pod) {
    String image = pod.getSpec().getContainers().getFirst().getImage();
    return image.endsWith(":" + PREVIOUS) ? Version.EARLIER : Version.THIS;
  }

  /** Those that are not on their way out. */
  private List<Pod> pods(KindStrata strata) {
    List<Pod> all = strata.pods(POOL);
    all.forEach(pod -> seen.put(pod.getMetadata().getName(), version(pod)));
    return all.stream().filter(pod -> pod.getMetadata().getDeletionTimestamp() == null).toList();
  }
}

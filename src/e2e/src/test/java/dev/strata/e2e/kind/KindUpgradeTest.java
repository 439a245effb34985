package dev.strata.e2e.kind;

import static dev.strata.e2e.kind.Steps.eventually;
import static dev.strata.e2e.kind.Steps.say;
import static dev.strata.e2e.kind.Steps.timed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.e2e.Project;
import dev.strata.harness.DockerEngine;
import dev.strata.harness.kind.KindCluster;
import dev.strata.harness.kind.KindStrata;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * From an earlier version to this one and back, with the earlier version's agents at work: {@code
 * make test-upgrade FROM=...}. The system property {@code strata.previous} is a check-out of it
 * whose images are made.
 */
@Tag("upgrade")
final class KindUpgradeTest {
  private static final String POOL = "work";

  /** On the nodes, the earlier images have this tag: both versions may call themselves the same. */
  private static final String PREVIOUS = "previous";

  /**
   * NATS users are renewed after half a minute, with the rights that the operator of the moment
   * gives.
   */
  private static final String RENEWALS = "--set=agent.credentialsValidity=1m";

  private static final Duration RENEWED = Duration.ofSeconds(32);

  private static final Path ROOT = Project.root().toAbsolutePath();

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

  private static void upgradeAndBack(KindStrata before, KindStrata now) throws Exception {
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
    List<String> old = uids(now);

    try (var tasks = new SteadyTasks(now.cluster(), POOL, "200")) {
      timed("upgrade", () -> now.upgrade(RENEWALS));
      assertThat(uids(now)).as("agents of the earlier version").isEqualTo(old);
      passed("under the new operator, by agents of the earlier version", tasks);
    }
    try (var tasks = new SteadyTasks(now.cluster(), POOL, "200")) {
      now.kubectl("scale", "ap/" + POOL, "--replicas=6");
      eventually(() -> assertThat(pods(now)).hasSizeGreaterThanOrEqualTo(7));
      ready(now);
      assertThat(pods(now))
          .extracting(KindUpgradeTest::isPrevious)
          .as("agents of both versions")
          .contains(true, false);
      passed("by agents of both versions", tasks);
    }
    try (var tasks = new SteadyTasks(now.cluster(), POOL, "200")) {
      now.kubectl(
          "patch",
          "ap/" + POOL,
          "--type=merge",
          "--patch={\"spec\":{\"template\":{\"annotations\":{\"example.com/agents\":\"new\"}}}}");
      timed(
          "all agents replaced",
          () ->
              eventually(
                  () -> assertThat(pods(now)).hasSize(7).noneMatch(KindUpgradeTest::isPrevious)));
      passed("while the agents were replaced", tasks);
    }
    List<String> fresh = uids(now);
    try (var tasks = new SteadyTasks(now.cluster(), POOL, "200")) {
      timed(
          "rollback",
          () ->
              now.cluster()
                  .helm("rollback", "strata", "1", "--namespace=" + KindStrata.SYSTEM, "--wait"));
      assertThat(uids(now)).as("agents of the new version").isEqualTo(fresh);
      passed("under the earlier operator, by agents of the new version", tasks);
    }
  }

  /** Tasks are handed in until all agents have new users, then all are looked at. */
  private static void passed(String when, SteadyTasks tasks) throws Exception {
    Thread.sleep(RENEWED);
    List<String> ended = tasks.end();
    say("%d tasks %s".formatted(ended.size(), when));
    assertThat(ended).as("tasks " + when).isNotEmpty().containsOnly("DONE");
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

  private static boolean isPrevious(Pod pod) {
    return pod.getSpec().getContainers().getFirst().getImage().endsWith(":" + PREVIOUS);
  }

  private static List<Pod> pods(KindStrata strata) {
    return strata
        .client()
        .pods()
        .inNamespace(KindStrata.AGENTS)
        .withLabel("strata.dev/pool", POOL)
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  private static List<String> uids(KindStrata strata) {
    return pods(strata).stream().map(pod -> pod.getMetadata().getUid()).sorted().toList();
  }
}

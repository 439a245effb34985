package dev.strata.e2e.kind;

import static dev.strata.e2e.kind.Steps.eventually;
import static dev.strata.e2e.kind.Steps.say;
import static dev.strata.e2e.kind.Steps.timed;
import static dev.strata.e2e.kind.Steps.uids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.strata.e2e.Project;
import dev.strata.harness.DockerEngine;
import dev.strata.harness.kind.KindCluster;
import dev.strata.harness.kind.KindStrata;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Task;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkLane;
import dev.strata.protocol.nats.Credentials;
import dev.strata.protocol.nats.NatsConnection;
import dev.strata.protocol.nats.NatsWorkLane;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * The life of an installation on three real nodes whose namespaces restrict pods: installed, at
 * work, broken, upgraded, rolled back, gone.
 */
@Tag("kind")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(KindStoryTest.Evidence.class)
final class KindStoryTest {
  private static final String POOL = "work";
  private static final int TASKS = 300;

  /** What the gate of the example needs to see. */
  private static final int PROOF = 320;

  /** An input, and what the example makes of it. */
  private static final Map<String, List<String>> EXAMPLES =
      new TreeMap<>(
          Map.of(
              "01-hello.yaml", List.of("hello", "Hello?", "Hello?"),
              "02-warm-spares.yaml", List.of("warm", "Hello?", "Hello?"),
              "03-exec-per-task.yaml", List.of("shout", "hello", "HELLO"),
              "04-exec-json-lines.yaml", List.of("counter", "a", "{\"count\":1,\"input\":\"a\"}"),
              "07-rolling-update.yaml", List.of("rolling", "Ada", "Good morning, Ada"),
              "08-affinity-tolerations.yaml", List.of("placed", "Hello?", "Hello?"),
              "09-disruption.yaml", List.of("steady", "Hello?", "Hello?"),
              "10-config-and-secrets.yaml",
                  List.of("lookup", "pod", "north: a group of containers")));

  /**
   * Of this cluster, whose nodes have Strata's name, and of the test, which makes the namespaces.
   */
  private static final Set<String> MACHINES =
      Set.of("nodes", "csinodes.storage.k8s.io", "persistentvolumes", "namespaces");

  /** What stays is looked at by itself. */
  private static final Set<String> KEPT =
      Set.of(
          "customresourcedefinitions.apiextensions.k8s.io",
          "apiservices.apiregistration.k8s.io",
          "qualitygateprofiles.strata.dev");

  private static KindCluster cluster;
  private static KindStrata strata;
  private static boolean failed;

  /** When a step fails, logs and events are kept, and the steps that stand on it are not tried. */
  static final class Evidence implements TestWatcher, ExecutionCondition {
    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
      failed = true;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return failed
          ? ConditionEvaluationResult.disabled("an earlier step failed")
          : ConditionEvaluationResult.enabled("all earlier steps succeeded");
    }
  }

  @BeforeAll
  static void open() {
    try {
      prepare();
    } catch (RuntimeException e) {
      failed = true;
      throw e;
    }
  }

  private static void prepare() {
    DockerEngine engine =
        DockerEngine.running()
            .orElseThrow(() -> new IllegalStateException("no Docker engine: make test-kind"));
    timed(
        "three nodes",
        () ->
            cluster =
                KindCluster.open(
                    engine,
                    Project.root(),
                    Project.root().resolve("target/kind").toAbsolutePath()));
    strata = new KindStrata(cluster, Project.root());
    timed(
        "images on all nodes",
        () -> {
          strata.load();
          strata.loadAgentWithShell();
        });
  }

  @AfterAll
  static void close() {
    if (cluster == null) {
      return;
    }
    try (var _ = cluster) {
      if (failed) {
        Path logs = Project.root().resolve("target/kind/logs");
        strata.export(logs);
        System.err.println("logs, events and pods: " + logs);
      }
    }
  }

  @Test
  @Order(1)
  void chartIsInstalled() {
    timed("helm install --wait", () -> strata.install());
    timed("helm test", () -> cluster.helm("test", "strata", "--namespace=" + KindStrata.SYSTEM));
    say(cluster.kubectl("get", "pods", "-n", KindStrata.SYSTEM, "-o", "wide"));
  }

  @Test
  @Order(2)
  void examplesWork() throws IOException, InterruptedException {
    for (Map.Entry<String, List<String>> example : EXAMPLES.entrySet()) {
      String pool = example.getValue().getFirst();
      agents("apply", "-f", Project.root().resolve("examples/" + example.getKey()).toString());
      agents("wait", "--for=condition=Ready", "ap/" + pool, "--timeout=90s");
      assertThat(ask(pool, example.getValue().get(1)))
          .as(example.getKey())
          .isEqualTo(example.getValue().get(2));
    }
    say(agents("get", "ap"));
    agents("delete", "ap", "--all", "--timeout=90s");
    // What is measured next is not to be measured while all these end.
    eventually(() -> assertThat(agents("get", "pods", "-o", "name")).doesNotContain("pod/"));
  }

  @Test
  @Order(3)
  void gatesJudgeWhatKubeletsRun() throws IOException, InterruptedException {
    agents("apply", "-f", Project.root().resolve("examples/11-quality-gate.yaml").toString());
    agents("apply", "-f", Project.root().resolve("examples/12-judged-outputs.yaml").toString());
    agents("wait", "--for=condition=Ready", "ap/clerks", "ap/titles", "--timeout=90s");
    try (var clerks = new OutsideTasks(cluster, "clerks");
        var titles = new OutsideTasks(cluster, "titles")) {
      for (int i = 0; i < PROOF; i++) {
        clerks.submit("hello", "clerk-" + i);
      }
      for (int i = 0; i < PROOF / 4; i++) {
        titles.submit("{\"title\": \"x\"}", "title-" + i);
      }
      timed(
          "gates satisfied",
          () ->
              agents(
                  "wait", "--for=condition=Satisfied", "qg/clerks", "qg/titles", "--timeout=2m"));
    }
    say(agents("get", "qg", "-o", "wide"));
    // The working set of the container's control group.
    say(agents("get", "qg", "clerks", "-o", row("agent-memory")));
    // A gate is satisfied too while a target of it is not known yet.
    eventually(
        () -> {
          assertThat(agents("get", "qg", "clerks", "-o", row("response-time"))).contains("Met");
          assertThat(agents("get", "qg", "titles", "-o", row("accuracy"))).contains("Met");
        });
    agents("delete", "qg,ap", "--all", "--timeout=90s");
  }

  /** A command that asks the API server for these paths with a program that it brings along. */
  private static String probe(String... paths) throws IOException {
    String name = ApiProbe.class.getName();
    String file = name.replace('.', '/') + ".class";
    try (var in = ApiProbe.class.getResourceAsStream("/" + file)) {
      return "mkdir -p /scratch/%1$s && echo %2$s | base64 -d > /scratch/%3$s && /opt/strata/runtime/bin/java -Xmx16m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp /scratch %4$s %5$s"
          .formatted(
              file.substring(0, file.lastIndexOf('/')),
              Base64.getEncoder().encodeToString(in.readAllBytes()),
              file,
              name,
              Arrays.stream(paths)
                  .map(path -> "https://kubernetes.default.svc" + path)
                  .collect(Collectors.joining(" ")));
    }
  }

  private static String row(String objective) {
    return "jsonpath={.status.objectives[?(@.name==\"%s\")]}".formatted(objective);
  }

  @Test
  @Order(4)
  void serverOfTheUsersDoesTheWorkBesideTheAgent() throws IOException, InterruptedException {
    apply(resource("sidecar.yaml"));
    agents("wait", "--for=condition=Ready", "ap/reverse", "--timeout=90s");
    assertThat(ask("reverse", "stressed")).isEqualTo("desserts");
    agents("delete", "ap/reverse", "--timeout=90s");
  }

  @Test
  @Order(5)
  void agentCannotReachBeyondItsPod() throws IOException, InterruptedException {
    apply(
        """
        apiVersion: strata.dev/v1alpha1
        kind: AgentPool
        metadata:
          name: prison
        spec:
          agent:
            handler:
              exec:
                command: [/bin/bash, -c, 'read -r order; eval "$order" 2>&1; echo "status $?"']
          template:
            image: strata/agent-shell:0.1.0
            volumes:
              - name: scratch
                emptyDir:
                  medium: Memory
            volumeMounts:
              - name: scratch
                mountPath: /scratch
        """);
    agents("wait", "--for=condition=Ready", "ap/prison", "--timeout=60s");
    try (var tasks = new OutsideTasks(cluster, "prison")) {
      assertThat(tasks.ask("echo x > /scratch/x")).isEqualTo("status 0");
      for (String place : List.of("/opt/strata/x", "/tmp/x", "/etc/x", "/x")) {
        assertThat(tasks.ask("echo x > " + place)).contains("Read-only file system");
      }
      assertThat(tasks.ask("ls /var/run/secrets/kubernetes.io")).contains("No such file");
      assertThat(tasks.ask("id -u")).startsWith("65532");
      assertThat(tasks.ask("grep CapEff /proc/self/status")).contains("0000000000000000");
      assertThat(tasks.ask("grep -E 'NoNewPrivs|Seccomp:' /proc/self/status"))
          .contains("NoNewPrivs:\t1")
          .contains("Seccomp:\t2");
      assertThat(
              tasks.ask(
                  probe(
                      "/api/v1/namespaces/%s/pods".formatted(KindStrata.AGENTS),
                      "/api/v1/namespaces/%s/secrets".formatted(KindStrata.AGENTS),
                      "/api/v1/namespaces/%s/secrets/strata-nats".formatted(KindStrata.SYSTEM),
                      "/apis/strata.dev/v1alpha1/agentpools")))
          .as("what the API server answers to an agent's pod")
          .matches("(?s)(40[13] https://\\S+\\s+){4}status 0");
    }
    agents("delete", "ap/prison", "--timeout=60s");
  }

  @Test
  @Order(6)
  void poolIsScaled() {
    apply(
        """
        apiVersion: strata.dev/v1alpha1
        kind: AgentPool
        metadata:
          name: work
        spec:
          replicas: 3
          warm:
            target: 4
          agent:
            handler:
              java:
                name: sleep
            concurrency: 4
        """);
    agents("wait", "--for=condition=Ready", "ap/" + POOL, "--timeout=60s");
    awaitSpares(4);
    for (Pod pod : pods()) {
      // It counts from its first heartbeat, a moment before it says so.
      eventually(
          () ->
              assertThat(agents("logs", pod.getMetadata().getName()))
                  .contains("aot cache in use: true, build id "));
    }
    agents("scale", "ap/" + POOL, "--replicas=6");
    timed("scaled from 3 to 6", () -> awaitActive(6));
    awaitSpares(4);
    say(agents("get", "ap", "-o", "wide"));
  }

  @Test
  @Order(7)
  void programHandsInTasksOverNats() throws InterruptedException {
    var user = Credentials.parse(natsUser(KindStrata.AGENTS + "/" + POOL, "tester", "1"));
    String pool = agents("get", "ap", POOL, "-o", "jsonpath={.metadata.uid}");
    try (var connection =
        NatsConnection.open(
            List.of(strata.natsUrl()), user, user.name(), Duration.ofSeconds(10), line -> {})) {
      var lane = new NatsWorkLane(connection, pool, user.name());
      var task = new Task(MessageIds.newTaskId(), "20", System.currentTimeMillis());
      assertThat(lane.submit(task, Priority.HIGH)).isEqualTo(WorkLane.Submission.STORED);
      assertThat(lane.awaitResult(task.id(), Duration.ofSeconds(30)))
          .hasValueSatisfying(
              result -> assertThat(result.status()).isEqualTo(TaskResult.Status.DONE));
      // Of the account, but not of this pool.
      var other = new NatsWorkLane(connection, "another-pool", user.name());
      assertThatThrownBy(() -> other.submit(task, Priority.HIGH))
          .isInstanceOf(TransportException.class);
    }
    assertThatThrownBy(() -> natsUser(KindStrata.AGENTS + "/nobody", "tester"))
        .hasMessageContaining("there is no pool nobody in " + KindStrata.AGENTS);
  }

  private static String natsUser(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "-n",
                KindStrata.SYSTEM,
                "exec",
                "deploy/strata-operator",
                "--",
                "/opt/strata/runtime/bin/java",
                "@/opt/strata/nats-user.args"));
    command.addAll(List.of(arguments));
    return cluster.kubectl(command.toArray(String[]::new));
  }

  @Test
  @Order(8)
  void nothingIsLostWhileThingsBreak() throws IOException, InterruptedException {
    List<String> nodes = cluster.nodes();
    String first = nodes.get(1);
    String second = nodes.get(2);
    try (var tasks = new OutsideTasks(cluster, POOL)) {
      List<String> ids = new ArrayList<>();
      submit(tasks, ids, TASKS / 4);
      Pod agent = active().getFirst();
      killProcesses(agent);
      timed("agent killed: replaced", () -> awaitReplaced(agent));

      submit(tasks, ids, TASKS / 4);
      String frozen = held(first);
      cluster.freezeNode(first);
      timed("node frozen with " + frozen + ": all active elsewhere", () -> awaitOff(first));
      cluster.thawNode(first);
      awaitNodes();

      submit(tasks, ids, TASKS / 4);
      killProcesses(leader());
      agents("scale", "ap/" + POOL, "--replicas=7");
      timed("leading operator killed: a scale-up is done", () -> awaitActive(7));
      agents("scale", "ap/" + POOL, "--replicas=6");

      submit(tasks, ids, TASKS - ids.size());
      awaitActive(6);
      String killed = held(second);
      cluster.killNode(second);
      timed("node killed with " + killed + ": all active elsewhere", () -> awaitOff(second));
      Instant started = Instant.now();
      cluster.startNode(second);
      timed("node is back", () -> awaitBack(second, started));

      int done = 0;
      for (String id : ids) {
        if (tasks.result(id).path("status").asText().equals("DONE")) {
          done++;
        }
      }
      say("%d tasks, %d with the result DONE".formatted(ids.size(), done));
      assertThat(done).isEqualTo(TASKS);
    }
    awaitActive(6);
    say(agents("get", "pods", "-o", "wide"));
  }

  @Test
  @Order(9)
  void upgradeAndRollbackLeaveAgentsAndTasksAlone() throws Exception {
    awaitActive(6);
    cluster.kubectl(
        "-n", KindStrata.SYSTEM, "rollout", "status", "statefulset/strata-nats", "--timeout=120s");
    List<String> before = uids(active());
    String keys = keys();
    try (var tasks = new SteadyTasks(cluster, POOL, "500")) {
      timed(
          "helm upgrade --wait",
          () ->
              strata.upgrade(
                  "--set=operator.resources.requests.cpu=150m", "--set=nats.goMemoryLimit=190MiB"));
      assertThat(uids(active())).isEqualTo(before);
      assertThat(keys()).isEqualTo(keys);
      timed(
          "helm rollback --wait",
          () ->
              cluster.helm(
                  "rollback",
                  "strata",
                  "1",
                  "--namespace=" + KindStrata.SYSTEM,
                  "--wait",
                  "--timeout=4m"));
      assertThat(uids(active())).isEqualTo(before);
      assertThat(keys()).isEqualTo(keys);
      List<JsonNode> ended = tasks.end();
      say("%d tasks handed in during upgrade and rollback".formatted(ended.size()));
      assertThat(ended)
          .extracting(result -> result.path("status").asText())
          .isNotEmpty()
          .containsOnly("DONE");
    }
    say(cluster.helm("history", "strata", "--namespace=" + KindStrata.SYSTEM));
  }

  @Test
  @Order(10)
  void uninstallLeavesTheKindsOnly() {
    timed("pools deleted", () -> agents("delete", "ap", "--all", "--timeout=90s"));
    eventually(() -> assertThat(pods()).as("pods of agents").isEmpty());
    timed(
        "helm uninstall --wait",
        () -> cluster.helm("uninstall", "strata", "--namespace=" + KindStrata.SYSTEM, "--wait"));
    eventually(
        () -> {
          assertThat(left()).as("what is left").isEmpty();
        });
    assertThat(names("customresourcedefinitions"))
        .filteredOn(name -> name.endsWith(".strata.dev"))
        .as("kinds that stay, because crds.keep is true")
        .containsExactlyInAnyOrder(
            "agentpools.strata.dev", "qualitygates.strata.dev", "qualitygateprofiles.strata.dev");
    assertThat(names("apiservices.apiregistration.k8s.io"))
        .filteredOn(name -> name.endsWith("strata.dev"))
        .as("what the API server itself keeps for kinds that stay")
        .containsExactly("v1alpha1.strata.dev");
    assertThat(names("qualitygateprofiles.strata.dev"))
        .as("the shipped profiles, which stay with their kind")
        .containsExactlyInAnyOrder("application", "coordination", "physical", "transport");
  }

  private static List<String> names(String kind) {
    return cluster
        .kubectl("get", kind, "-o", "name")
        .lines()
        .map(line -> line.substring(line.indexOf('/') + 1))
        .toList();
  }

  /**
   * Everything in the two namespaces that Kubernetes did not make, and of all kinds that are not in
   * a namespace whatever has Strata's name.
   */
  private static List<String> left() {
    List<String> left = new ArrayList<>();
    for (String kind :
        List.of(
            "pods,services,secrets,configmaps,serviceaccounts,deployments,statefulsets,daemonsets,jobs,"
                + "persistentvolumeclaims,poddisruptionbudgets,leases,roles,rolebindings,networkpolicies,"
                + "controllerrevisions,agentpools,qualitygates")) {
      for (String namespace : List.of(KindStrata.SYSTEM, KindStrata.AGENTS)) {
        cluster
            .kubectl("get", kind, "-n", namespace, "-o", "name")
            .lines()
            .filter(line -> line.contains("/"))
            .map(name -> namespace + " " + name)
            .forEach(left::add);
      }
    }
    cluster
        .kubectl("api-resources", "--namespaced=false", "--verbs=list", "-o", "name")
        .lines()
        .filter(kind -> !MACHINES.contains(kind) && !KEPT.contains(kind))
        .flatMap(kind -> cluster.kubectl("get", kind, "-o", "name").lines())
        .filter(name -> name.contains("strata"))
        .forEach(left::add);
    // Kubernetes' own, and what the examples and tests made themselves.
    left.removeIf(
        name ->
            name.matches(
                ".*(kube-root-ca.crt|serviceaccount/default|-outside|counter-program|lookup-.*|reverse-server)"));
    return left;
  }

  private static void submit(OutsideTasks tasks, List<String> ids, int count)
      throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      ids.add(tasks.submit("500", "story-" + ids.size()));
    }
  }

  private static String ask(String pool, String input) throws IOException, InterruptedException {
    try (var tasks = new OutsideTasks(cluster, pool)) {
      return tasks.ask(input);
    }
  }

  /** SIGKILL to the processes of a pod's containers, as a crash does it. */
  private static void killProcesses(Pod pod) {
    String own = "POD_NAME=" + pod.getMetadata().getName();
    cluster.exec(
        pod.getSpec().getNodeName(),
        "bash",
        "-c",
        "for p in /proc/[0-9]*; do if tr '\\0' '\\n' < $p/environ 2> /dev/null | grep -q '"
            + own
            + "$'; then kill -KILL ${p#/proc/}; fi; done");
  }

  private static List<Pod> pods() {
    return strata.pods(POOL);
  }

  /**
   * Pods that hold an identity and are not on their way out. One that ended may be kept for a
   * while, as the operator's memory of a start that failed.
   */
  private static List<Pod> active() {
    return pods().stream()
        .filter(pod -> "active".equals(pod.getMetadata().getLabels().get("strata.dev/role")))
        .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  private static List<Pod> activeOn(String node) {
    return active().stream().filter(pod -> node.equals(pod.getSpec().getNodeName())).toList();
  }

  /** What a node has; with the leading operator, nothing happens until its lease has run out. */
  private static String held(String node) {
    boolean leads = node.equals(leader().getSpec().getNodeName());
    return activeOn(node).size() + " agents" + (leads ? " and the leading operator" : "");
  }

  private static void awaitActive(int count) {
    eventually(() -> assertThat(active()).as("active agents").hasSize(count));
  }

  private static void awaitSpares(int count) {
    eventually(
        () ->
            assertThat(agents("get", "ap/" + POOL, "-o", "jsonpath={.status.warm}"))
                .isEqualTo(Integer.toString(count)));
  }

  private static void awaitReplaced(Pod lost) {
    eventually(
        () -> assertThat(uids(active())).hasSize(6).doesNotContain(lost.getMetadata().getUid()));
  }

  private static void awaitOff(String node) {
    eventually(
        () -> {
          assertThat(active()).hasSize(6);
          assertThat(activeOn(node)).isEmpty();
        });
  }

  private static void awaitNodes() {
    cluster.kubectl("wait", "--for=condition=Ready", "nodes", "--all", "--timeout=120s");
  }

  /**
   * The API server believes in a dead node for most of a minute, and in its pods: it is back when
   * its kubelet says so, and has started again what belongs to the installation.
   */
  private static void awaitBack(String node, Instant started) {
    eventually(
        () -> {
          assertThat(
                  cluster
                      .client()
                      .leases()
                      .inNamespace("kube-node-lease")
                      .withName(node)
                      .require()
                      .getSpec()
                      .getRenewTime()
                      .toInstant())
              .isAfter(started);
          assertThat(cluster.client().pods().inNamespace(KindStrata.SYSTEM).list().getItems())
              .filteredOn(pod -> node.equals(pod.getSpec().getNodeName()))
              .filteredOn(pod -> "Running".equals(pod.getStatus().getPhase()))
              .flatExtracting(pod -> pod.getStatus().getContainerStatuses())
              .allSatisfy(container -> assertThat(startedAt(container)).isAfter(started));
        });
    awaitNodes();
  }

  /** In whole seconds, of which the next one is taken. */
  private static Instant startedAt(ContainerStatus container) {
    var running = container.getState().getRunning();
    return running == null ? Instant.MIN : Instant.parse(running.getStartedAt()).plusSeconds(1);
  }

  private static Pod leader() {
    String holder =
        cluster
            .client()
            .leases()
            .inNamespace(KindStrata.SYSTEM)
            .withName("strata-operator")
            .require()
            .getSpec()
            .getHolderIdentity();
    return cluster.client().pods().inNamespace(KindStrata.SYSTEM).withName(holder).require();
  }

  private static String keys() {
    return cluster
        .client()
        .secrets()
        .inNamespace(KindStrata.SYSTEM)
        .withName("strata-nats")
        .require()
        .getData()
        .entrySet()
        .stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue().hashCode())
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private static String agents(String... arguments) {
    return strata.kubectl(arguments);
  }

  private static void apply(String yaml) {
    strata.apply(yaml);
  }

  private static String resource(String name) throws IOException {
    try (var in = KindStoryTest.class.getResourceAsStream("/kind/" + name)) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}

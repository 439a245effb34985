package dev.strata.demo;

import dev.strata.harness.kind.KindCluster;
import dev.strata.harness.kind.KindStrata;
import dev.strata.protocol.nats.NatsConnection;
import dev.strata.protocol.nats.NatsTransport;
import dev.strata.protocol.nats.NatsWorkLane;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * The shell-script half of the demo on real kubelets: Markdown files are checked over and over
 * while an agent and a node die and the pool grows. Exit status 0 only if nothing is lost.
 */
public final class KindDemo {
  private static final String POOL = "words";
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration STEADY = Duration.ofSeconds(3);

  private final KindStrata strata;
  private final Documents documents;
  private final Screen screen;
  private final List<String[]> happened = new ArrayList<>();

  private KindDemo(KindStrata strata, Documents documents, Screen screen) {
    this.strata = strata;
    this.documents = documents;
    this.screen = screen;
  }

  /**
   * The command line.
   *
   * @param arguments the folder with documents
   */
  public static void main(String[] arguments) throws InterruptedException {
    var screen = new Screen(System.out);
    boolean holds = false;
    try {
      var documents = Documents.below(Path.of(arguments[0]));
      screen.step("starting three nodes with kubelets; Strata is installed by helm");
      try (var strata = KindStrata.started()) {
        strata.loadAgentWithShell();
        holds = new KindDemo(strata, documents, screen).tell();
      }
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
    } catch (IllegalStateException | TimeoutException e) {
      System.err.println("the demo failed: " + e.getMessage());
      e.printStackTrace(System.err);
    }
    screen.step(holds ? "all facts hold" : "NOT all facts hold");
    System.exit(holds ? 0 : 1);
  }

  private boolean tell() throws InterruptedException, TimeoutException {
    List<Path> markdown = documents.files().stream().filter(Documents::isMarkdown).toList();
    if (markdown.isEmpty()) {
      throw new IllegalArgumentException("there is no Markdown file in " + documents.root());
    }
    apply();
    try (var connection =
            NatsConnection.open(
                List.of(strata.natsUrl()),
                strata.accounts().administrator("demo", Clock.systemUTC()),
                "demo",
                Duration.ofSeconds(20),
                line -> {});
        var transport = new NatsTransport(connection)) {
      var hearing = new Hearing(transport);
      var checking =
          new Checking(
              POOL,
              new NatsWorkLane(connection, pool().getMetadata().getUid(), "demo"),
              markdown,
              file -> file + "\n" + documents.text(file));
      screen.step(markdown.size() + " documents, checked over and over while things break");
      checking.start();
      steady(checking);
      killAgent(hearing);
      steady(checking);
      killNode(hearing);
      steady(checking);
      scale();
      checking.stop();
      return report(checking);
    }
  }

  private void apply() {
    Path root = Path.of(System.getProperty("strata.root", "."));
    screen.step("kubectl apply: pool \"words\" (shell script, 4 agents, 3 spares)");
    strata.kubectl(
        "create",
        "configmap",
        "words-check",
        "--from-file=" + root.resolve("examples/doc-check/words-check.sh"));
    strata.apply(
        """
        apiVersion: strata.dev/v1alpha1
        kind: AgentPool
        metadata:
          name: words
        spec:
          replicas: 4
          warm:
            target: 3
          agent:
            timeoutSeconds: 20
            handler:
              exec:
                command: [/bin/sh, /scripts/words-check.sh]
          template:
            image: strata/agent-shell:0.1.0
            volumes:
              - name: scripts
                configMap:
                  name: words-check
            volumeMounts:
              - name: scripts
                mountPath: /scripts
                readOnly: true
        """);
    strata.kubectl("wait", "--for=condition=Ready", "ap/" + POOL, "--timeout=90s");
    strata.kubectl("wait", "--for=condition=SparesReady", "ap/" + POOL, "--timeout=90s");
    screen.step("pool words is Ready");
  }

  private GenericKubernetesResource pool() {
    return strata
        .client()
        .genericKubernetesResources("strata.dev/v1alpha1", "AgentPool")
        .inNamespace(strata.namespace())
        .withName(POOL)
        .require();
  }

  private void killAgent(Hearing hearing) throws InterruptedException, TimeoutException {
    Hearing.until(() -> hearing.agent("words-1").isPresent(), LIMIT, "words-1 was not heard");
    var victim = hearing.agent("words-1").orElseThrow();
    screen.step("kill -9 of agent words-1 (pod " + victim.pod() + " on " + victim.node() + ")");
    long now = System.nanoTime();
    ProcessHandle.of(strata.agentProcess(victim.node(), victim.pod()))
        .ifPresent(ProcessHandle::destroyForcibly);
    happened("agent killed, same identity active again", hearing.backAfter(victim, now, LIMIT));
  }

  /** Not the node of the control plane: nobody could tell of it then. */
  private void killNode(Hearing hearing) throws InterruptedException, TimeoutException {
    KindCluster cluster = strata.cluster();
    String node =
        cluster.nodes().stream()
            .skip(1)
            .max(
                (one, other) ->
                    Integer.compare(hearing.on(one, POOL).size(), hearing.on(other, POOL).size()))
            .orElseThrow();
    var lost = hearing.on(node, POOL);
    screen.step("the power of " + node + " fails, with " + lost.size() + " agents on it");
    long now = System.nanoTime();
    cluster.killNode(node);
    Duration longest = Duration.ZERO;
    for (var agent : lost) {
      Duration back = hearing.backAfter(agent, now, LIMIT);
      longest = back.compareTo(longest) > 0 ? back : longest;
    }
    happened("node lost, its " + lost.size() + " agents active again elsewhere", longest);
    cluster.startNode(node);
  }

  private void scale() {
    long now = System.nanoTime();
    strata.kubectl("scale", "ap/" + POOL, "--replicas=8");
    strata.kubectl(
        "wait", "--for=jsonpath={.status.readyReplicas}=8", "ap/" + POOL, "--timeout=90s");
    happened("scaled from 4 to 8", Duration.ofNanos(System.nanoTime() - now));
    screen.line(strata.kubectl("get", "ap", "-o", "wide"));
  }

  private void steady(Checking checking) throws InterruptedException {
    Thread.sleep(STEADY);
    screen.step(
        "tasks done: %,d; delivered again after a loss: %d"
            .formatted(checking.done(), checking.redelivered()));
  }

  private void happened(String what, Duration time) {
    screen.step(what + ": " + time.toMillis() + " ms");
    happened.add(new String[] {what, "%,d ms".formatted(time.toMillis())});
  }

  private boolean report(Checking checking) {
    screen.table("What happened", happened);
    screen.table(
        "Facts",
        List.of(
            new String[] {"tasks sent", "%,d".formatted(checking.submitted())},
            new String[] {"tasks done", "%,d".formatted(checking.done())},
            new String[] {"delivered again", "%,d".formatted(checking.redelivered())},
            new String[] {"lost", Long.toString(checking.lost())},
            new String[] {"problems", Integer.toString(checking.problems().size())}));
    checking.problems().stream().limit(5).forEach(problem -> screen.line("  " + problem));
    return checking.lost() == 0
        && checking.done() == checking.submitted()
        && checking.problems().isEmpty();
  }
}

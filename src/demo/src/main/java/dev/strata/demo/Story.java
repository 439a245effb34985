package dev.strata.demo;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.api.v1alpha1.PhaseFigures;
import dev.strata.harness.Cluster;
import dev.strata.protocol.Messages;
import dev.strata.protocol.nats.NatsConnection;
import dev.strata.protocol.nats.NatsWorkLane;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What happens: pools come up, documents are checked, an agent dies, a node dies, the pool grows
 * from 4 to 12, and nothing that was handed in is lost. Then a pool gets slow, and its gate tells.
 */
final class Story {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration STEADY = Duration.ofSeconds(3);
  private static final int SHOWN = 25;

  private final Cluster cluster;
  private final NatsConnection connection;
  private final Hearing hearing;
  private final Documents documents;
  private final Screen screen;
  private final List<String[]> happened = new ArrayList<>();
  private final List<String[]> facts = new ArrayList<>();
  private boolean holds = true;

  Story(
      Cluster cluster,
      NatsConnection connection,
      Hearing hearing,
      Documents documents,
      Screen screen) {
    this.cluster = cluster;
    this.connection = connection;
    this.hearing = hearing;
    this.documents = documents;
    this.screen = screen;
  }

  boolean tell() throws InterruptedException, IOException, TimeoutException {
    long began = System.nanoTime();
    screen.step(
        "kubectl apply: pools \"docs\" (Java handler, 4 agents, 3 spares), \"words\" (shell script, 2 agents, 1 spare) and \"naps\" (2 agents that sleep, with a quality gate)");
    apply();
    awaitReady("docs");
    awaitReady("words");
    awaitReady(Promise.POOL);
    happened("pools Ready after kubectl apply", Duration.ofNanos(System.nanoTime() - began));
    var docs = checking("docs", documents.files(), this::asJson);
    var words =
        checking(
            "words",
            documents.files().stream().filter(Documents::isMarkdown).toList(),
            file -> file + "\n" + documents.text(file));
    screen.step(
        documents.files().size()
            + " documents below "
            + documents.root().toAbsolutePath().normalize()
            + ", checked over and over while things break");
    docs.start();
    if (!words(words)) {
      screen.step("there is no Markdown among them: the pool \"words\" has nothing to do");
    }
    steady(docs, words);
    killAgent();
    steady(docs, words);
    killNode();
    steady(docs, words);
    scale();
    steady(docs, words);
    docs.stop();
    words.stop();
    promise();
    report(docs, words);
    return holds;
  }

  /** The documents are done, so that nothing else makes answers slow. */
  private void promise() {
    try (var promise = new Promise(cluster, lane(Promise.POOL), screen)) {
      screen.step("naps: 6 tasks a second of 5 ms; its gate wants 90% answered within 500ms");
      promise.start();
      promise.kept();
      happened("answers got slow, verdict Violated", promise.broken());
      String broken = promise.satisfied();
      fact("naps: Satisfied while answers were slow", broken.startsWith("False"), broken);
      happened("answers in time again, verdict Met", promise.keptAgain());
      String kept = promise.satisfied();
      fact("naps: Satisfied afterwards", kept.startsWith("True"), kept);
    }
    screen.line("");
    screen.line(cluster.kubectl("get", "qg", "-n", cluster.namespace()));
  }

  private static boolean words(Checking words) {
    if (words.size() == 0) {
      return false;
    }
    words.start();
    return true;
  }

  private void apply() throws IOException {
    Path root = Path.of(System.getProperty("strata.root", "."));
    cluster.kubectl(
        "create",
        "configmap",
        "words-check",
        "-n",
        cluster.namespace(),
        "--from-file=" + root.resolve("examples/doc-check/words-check.sh"));
    Path handlers = root.resolve("examples/doc-check/target/handlers").toAbsolutePath().normalize();
    try (InputStream in = Story.class.getResourceAsStream("/demo/pools.yaml")) {
      if (in == null) {
        throw new IllegalStateException(
            "demo/pools.yaml is not on the class path: build the demo anew");
      }
      String yaml =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace("@HANDLERS@", handlers.toString());
      Path file = Files.createTempFile("pools", ".yaml");
      try {
        Files.writeString(file, yaml);
        cluster.kubectl("apply", "-n", cluster.namespace(), "-f", file.toString());
      } finally {
        Files.delete(file);
      }
    }
  }

  private void awaitReady(String pool) {
    cluster.kubectl(
        "wait", "-n", cluster.namespace(), "--for=condition=Ready", "ap/" + pool, "--timeout=60s");
    screen.step("pool " + pool + " is Ready");
  }

  private Checking checking(
      String pool, List<Path> files, java.util.function.Function<Path, String> input) {
    return new Checking(pool, lane(pool), files, input);
  }

  private NatsWorkLane lane(String pool) {
    return new NatsWorkLane(connection, pool(pool).getMetadata().getUid(), "demo");
  }

  private AgentPool pool(String name) {
    return cluster
        .client()
        .resources(AgentPool.class)
        .inNamespace(cluster.namespace())
        .withName(name)
        .require();
  }

  private String asJson(Path file) {
    return Messages.mapper()
        .valueToTree(
            Map.of(
                "path",
                file.toString(),
                "root",
                documents.root().toAbsolutePath().normalize().toString(),
                "text",
                documents.text(file)))
        .toString();
  }

  private void killAgent() throws InterruptedException, TimeoutException {
    Hearing.until(() -> hearing.agent("docs-1").isPresent(), LIMIT, "docs-1 was not heard");
    var victim = hearing.agent("docs-1").orElseThrow();
    screen.step("kill -9 of agent docs-1 (pod " + victim.pod() + " on " + victim.node() + ")");
    long now = System.nanoTime();
    cluster.nodeOf(victim.pod()).killPod(victim.pod());
    Duration back = hearing.backAfter(victim, now, LIMIT);
    var heir = hearing.agent("docs-1").orElseThrow();
    screen.step(
        "docs-1 is back, epoch "
            + heir.epoch()
            + ", as "
            + heir.pod()
            + " on "
            + heir.node()
            + ", after "
            + back.toMillis()
            + " ms");
    happened("agent killed, same identity active again", back);
  }

  private void killNode() throws InterruptedException, TimeoutException {
    Hearing.until(() -> hearing.agent("docs-0").isPresent(), LIMIT, "docs-0 was not heard");
    String node = hearing.agent("docs-0").orElseThrow().node();
    var lost = new ArrayList<>(hearing.on(node, "docs"));
    lost.addAll(hearing.on(node, "words"));
    screen.step("the power of " + node + " fails, with " + lost.size() + " agents on it");
    long now = System.nanoTime();
    cluster.node(node).kill();
    Duration longest = Duration.ZERO;
    for (var agent : lost) {
      Duration back = hearing.backAfter(agent, now, LIMIT);
      screen.step(agent.identity() + " is back after " + back.toMillis() + " ms");
      longest = back.compareTo(longest) > 0 ? back : longest;
    }
    happened("node lost, its " + lost.size() + " agents active again elsewhere", longest);
  }

  private void scale() throws InterruptedException, TimeoutException {
    screen.step("kubectl scale ap/docs --replicas=12");
    long now = System.nanoTime();
    cluster.kubectl("scale", "-n", cluster.namespace(), "ap/docs", "--replicas=12");
    Hearing.until(
        () -> {
          var status = pool("docs").getStatus();
          return status != null && Integer.valueOf(12).equals(status.readyReplicas());
        },
        LIMIT,
        "12 agents are not ready");
    Duration took = Duration.ofNanos(System.nanoTime() - now);
    screen.step("12 agents are ready after " + took.toMillis() + " ms");
    happened("scaled from 4 to 12 (3 of the 8 from spares)", took);
  }

  private void steady(Checking docs, Checking words) throws InterruptedException {
    Thread.sleep(STEADY);
    screen.step(
        "tasks done: docs %,d, words %,d; delivered again after a loss: %d"
            .formatted(docs.done(), words.done(), docs.redelivered() + words.redelivered()));
  }

  private void happened(String what, Duration time) {
    happened.add(new String[] {what, "%,d ms".formatted(time.toMillis())});
  }

  private void fact(String what, boolean good, String value) {
    facts.add(new String[] {what, value + (good ? "" : "   <- DOES NOT HOLD")});
    holds &= good;
  }

  private void report(Checking docs, Checking words) throws IOException {
    var findings = new TreeSet<>(docs.findings());
    findings.addAll(words.findings());
    Path report = Path.of(System.getProperty("strata.root", "."), "target/demo/report.txt");
    Files.createDirectories(report.getParent());
    Files.write(report, findings.stream().map(Finding::toString).toList());
    screen.line("");
    screen.line(
        "What the agents found (" + findings.size() + " findings, all in target/demo/report.txt):");
    findings.stream().limit(SHOWN).forEach(f -> screen.line("  " + f));
    spawns();
    screen.table("What happened", happened);
    for (Checking one : List.of(docs, words)) {
      fact(
          one.name() + ": tasks sent",
          true,
          "%,d in %d rounds".formatted(one.submitted(), one.rounds()));
      fact(one.name() + ": tasks done", one.done() == one.submitted(), "%,d".formatted(one.done()));
      fact(one.name() + ": delivered again", true, "%,d".formatted(one.redelivered()));
      fact(one.name() + ": lost", one.lost() == 0, Long.toString(one.lost()));
      fact(
          one.name() + ": problems",
          one.problems().isEmpty(),
          Integer.toString(one.problems().size()));
      one.problems().stream().limit(5).forEach(p -> screen.line("  " + p));
    }
    screen.table("Facts", facts);
  }

  private void spawns() {
    for (String name : List.of("docs", "words")) {
      var status = pool(name).getStatus();
      var spawn = status == null ? null : status.spawn();
      if (spawn != null) {
        happened.add(
            new String[] {name + ": spawn from a spare, p50 / p95", figures(spawn.warm())});
        happened.add(new String[] {name + ": spawn cold, p50 / p95", figures(spawn.cold())});
      }
      var recovery = status == null ? null : status.recovery();
      if (recovery != null) {
        fact(
            name + ": agents lost and replaced",
            java.util.Objects.equals(recovery.attempted(), recovery.succeeded()),
            recovery.succeeded() + " of " + recovery.attempted());
      }
    }
  }

  private static String figures(@Nullable PhaseFigures figures) {
    return figures == null
        ? "none"
        : String.format(
            Locale.ROOT,
            "%d / %d ms (n=%d)",
            figures.p50Millis(),
            figures.p95Millis(),
            figures.count());
  }
}

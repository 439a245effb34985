package dev.strata.e2e;

import static dev.strata.e2e.Event.poolIsPatched;
import static dev.strata.e2e.Event.poolIsScaledTo;
import static dev.strata.e2e.GateDraft.gate;
import static dev.strata.e2e.Named.thePool;
import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.remains;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.strata.api.v1alpha1.ActionStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** What gates do to a pool beside holding its size: rollouts are held, agents are evicted. */
@SystemTest
final class GateActionsTest {
  private static final String ACCOUNT = "strata.dev/evictions";
  private static final String HEAVY = "-Xms180m -Xmx180m -XX:+AlwaysPreTouch";

  @Test
  @Execution(CONCURRENT)
  void theAgentThatMissesItsTargetIsReplacedOnce(Story story, @TempDir Path folder) {
    story.given(hogs("greedy", folder).replicas(4).warm(1)).gated(evicting("slo", "greedy", "2"));
    GateCheck slo = story.gate("slo").says("agent-memory", "Met").has("EnforcementAllowed", "True");
    Map<String, String> before = uids(story, "greedy");
    story.tasks("greedy").answers("hog", "hog");
    Story.eventually(
        Story.PATIENCE,
        () ->
            assertThat(slo.status().actions())
                .extracting(ActionStatus::action, ActionStatus::outcome)
                .containsExactly(tuple("Evict", "Evicted")));
    String evidence = slo.status().actions().getFirst().evidence();
    assertThat(evidence).startsWith("greedy-").contains("MB, target <= 100MB in 30s");
    String evicted = evidence.substring(0, evidence.indexOf(':'));
    assertThat(before).containsKey(evicted);
    story.then(thePool("greedy")).isReady(4);
    // Names of pods come again.
    String gone = before.remove(evicted);
    assertThat(uids(story, "greedy").values()).doesNotContain(gone).containsAll(before.values());
    slo.says("agent-memory", "Met");
    assertThat(account(story, "greedy")).hasSize(1);
    assertThat(slo.status().actions()).hasSize(1);
  }

  @Test
  @Execution(CONCURRENT)
  void theAgentThatMissesItsTargetIsKeptAwayFromWork(Story story, @TempDir Path folder) {
    story
        .given(hogs("watched", folder).replicas(3).warm(1))
        .gated(
            gate("slo", "watched")
                .profiles("application")
                .quick("agent-memory", "", "", 10)
                .quarantine("agent-memory", "2"));
    GateCheck slo = story.gate("slo").says("agent-memory", "Met");
    story.tasks("watched").answers("hog", "hog");
    Story.eventually(
        Story.PATIENCE,
        () ->
            assertThat(slo.status().actions())
                .extracting(ActionStatus::action, ActionStatus::outcome)
                .containsExactly(tuple("Quarantine", "Quarantined")));
    story.then(thePool("watched")).isReady(3).hasSpares(1);
    Pod kept = quarantined(story, "watched");
    assertThat(kept.getMetadata().getAnnotations().get("strata.dev/quarantined-for"))
        .startsWith("it misses agent-memory of gate slo: ");
    // What it measures counts no more, and nobody sends it anything.
    slo.says("agent-memory", "Met");
    Story.eventually(
        Story.PATIENCE,
        () ->
            assertThat(quarantined(story, "watched").getStatus().getConditions())
                .anySatisfy(
                    c -> {
                      assertThat(c.getType()).isEqualTo("Ready");
                      assertThat(c.getStatus()).isEqualTo("False");
                    }));
    assertThat(quarantined(story, "watched").getStatus().getPhase()).isEqualTo("Running");
    assertThat(story.holders().values())
        .extracting(Story.Holder::podUid)
        .doesNotContain(kept.getMetadata().getUid());
    assertThat(account(story, "watched")).hasSize(1);
    story.kubectl("delete", "pod", kept.getMetadata().getName());
    story.then(thePool("watched")).isReady(3).hasPods(4);
  }

  private static Pod quarantined(Story story, String pool) {
    List<Pod> pods =
        story.podsOf(pool).stream()
            .filter(p -> "quarantined".equals(p.getMetadata().getLabels().get("strata.dev/role")))
            .toList();
    assertThat(pods).hasSize(1);
    return pods.getFirst();
  }

  @Test
  @Execution(CONCURRENT)
  void theAgentThatIsSlowByItselfIsNamedAndReplacedOnce(Story story, @TempDir Path folder) {
    story
        .given(own("limp", "lame", folder).replicas(4).warm(1).set("agent.concurrency", 4))
        .gated(prompt("slo", "lame"));
    GateCheck slo = story.gate("slo");
    try (var traffic = story.traffic("lame", "walk", 8)) {
      slo.says("response-time", "Met");
      Map<String, String> before = uids(story, "lame");
      traffic.send("go");
      story.tasks("lame").answers("limp", "limp");
      slo.says("response-time", "Violated");
      String worst = slo.row("response-time").worst().getFirst();
      assertThat(worst).matches("lame-\\S+ [0-9.]+% of [0-9]+");
      String slow = worst.substring(0, worst.indexOf(' '));
      story.gated(prompt("slo", "lame").evict("response-time", "2"));
      Story.eventually(
          Story.PATIENCE,
          () ->
              assertThat(slo.status().actions())
                  .extracting(ActionStatus::action, ActionStatus::outcome)
                  .containsExactly(tuple("Evict", "Evicted")));
      assertThat(slo.status().actions().getFirst().evidence())
          .startsWith(slow + ": ")
          .endsWith("%, target >= 90% within 1s in 30s");
      story.then(thePool("lame")).isReady(4);
      // Names of pods come again.
      String gone = before.remove(slow);
      assertThat(gone).as("UID of %s", slow).isNotNull();
      assertThat(uids(story, "lame").values()).doesNotContain(gone).containsAll(before.values());
      slo.says("response-time", "Met");
      assertThat(account(story, "lame")).hasSize(1);
      assertThat(slo.status().actions()).hasSize(1);
    }
  }

  @Test
  @Execution(CONCURRENT)
  void whatAnOperatorHasPaidForIsNotPaidForTwice(Story story, @TempDir Path folder) {
    story
        .given(hogs("interrupted", folder).replicas(2).warm(1))
        .gated(
            gate("slo", "interrupted").profiles("application").quick("agent-memory", "", "", 10));
    GateCheck slo = story.gate("slo").says("agent-memory", "Met");
    story.tasks("interrupted").answers("hog", "hog");
    slo.says("agent-memory", "Violated");
    String worst = slo.row("agent-memory").worst().getFirst();
    Pod sick =
        story
            .client()
            .pods()
            .inNamespace(story.namespace())
            .withName(worst.substring(0, worst.indexOf(' ')))
            .require();
    // As an operator leaves it that dies between the payment and the eviction.
    String paid = Instant.now().truncatedTo(ChronoUnit.SECONDS) + "=" + sick.getMetadata().getUid();
    story.kubectl("annotate", "pdb", "interrupted", ACCOUNT + "=" + paid);
    story.gated(evicting("slo", "interrupted", "1"));
    Story.eventually(
        Story.PATIENCE,
        () ->
            assertThat(uids(story, "interrupted"))
                .doesNotContainValue(sick.getMetadata().getUid()));
    assertThat(account(story, "interrupted")).containsExactly(paid);
    Story.eventually(
        Story.PATIENCE,
        () ->
            assertThat(slo.status().actions())
                .extracting(ActionStatus::outcome)
                .containsExactly("Evicted"));
  }

  @Test
  @Execution(CONCURRENT)
  void withoutAReadableAccountNobodyGoesAndThePoolIsKept(Story story) {
    story.given(pool("broke").replicas(1).env("AGENT_JAVA_OPTIONS", HEAVY));
    story.kubectl("annotate", "pdb", "broke", ACCOUNT + "=yesterday=somebody");
    story.gated(evicting("slo", "broke", "1"));
    List<String> before = pods(story, "broke");
    Story.eventually(
        Story.PATIENCE,
        () ->
            assertThat(story.gate("slo").condition("EnforcementAllowed").reason())
                .isEqualTo("AccountUnreadable"));
    story.when(poolIsScaledTo("broke", 2));
    story.then(thePool("broke")).isReady(2);
    assertThat(pods(story, "broke")).containsAll(before);
  }

  @Test
  @Execution(CONCURRENT)
  void aFaultThatAllShareEvictsNobody(Story story) {
    story
        .given(
            pool("crowd")
                .replicas(3)
                .warm(1)
                .java("sleep")
                .set("agent.concurrency", 4)
                .env("AGENT_JAVA_OPTIONS", HEAVY))
        .gated(evicting("slo", "crowd", "50%"))
        .gated(
            gate("own", "crowd")
                .profiles("application")
                .quick("response-time", "500ms", "90%", 29)
                .evict("response-time", "50%"));
    List<String> before = pods(story, "crowd");
    try (var _ = story.traffic("crowd", "900", 6)) {
      for (String name : List.of("slo", "own")) {
        story.gate(name).has("EnforcementAllowed", "False");
        Story.eventually(
            Story.PATIENCE,
            () ->
                assertThat(story.gate(name).condition("EnforcementAllowed").reason())
                    .isEqualTo("TooManyViolators"));
      }
      assertThat(story.gate("slo").condition("EnforcementAllowed").message())
          .contains("3 of 3 agents violate targets at once");
      remains(
          Duration.ofSeconds(5),
          () -> {
            assertThat(pods(story, "crowd")).containsAll(before);
            assertThat(account(story, "crowd")).isEmpty();
            assertThat(story.gate("slo").status().actions()).isEmpty();
          });
    }
  }

  @Test
  @Execution(CONCURRENT)
  void aSecondDisruptionBudgetIsInTheWayAndSaidSo(Story story) {
    story.given(pool("doubly").replicas(1).warm(1).env("AGENT_JAVA_OPTIONS", HEAVY));
    story.kubectl(
        "create", "pdb", "own", "--selector=strata.dev/pool=doubly", "--max-unavailable=0");
    story.gated(evicting("slo", "doubly", "1"));
    GateCheck slo = story.gate("slo");
    Story.eventually(
        Story.PATIENCE,
        () -> assertThat(slo.condition("EnforcementAllowed").reason()).isEqualTo("EvictionFailed"));
    story.kubectl("delete", "pdb", "own");
    Story.eventually(
        Story.PATIENCE,
        () ->
            assertThat(slo.status().actions())
                .extracting(ActionStatus::outcome)
                .contains("Evicted"));
    assertThat(account(story, "doubly")).as("paid for once").hasSize(1);
  }

  @Test
  @Execution(CONCURRENT)
  void twoGatesThatEvictForTheSameAreInConflict(Story story) {
    story
        .given(pool("wanted"))
        .gated(evicting("one", "wanted", "1"))
        .gated(
            gate("other", "wanted").profiles().ownMemory("weight", "100MB").evict("weight", "2"));
    for (String name : List.of("one", "other")) {
      Story.eventually(
          Story.PATIENCE,
          () ->
              assertThat(story.gate(name).condition("EnforcementAllowed").reason())
                  .isEqualTo("Conflicted"));
    }
    assertThat(story.gate("one").condition("EnforcementAllowed").message()).startsWith("other ");
    story.kubectl("delete", "qg", "other");
    story.gate("one").has("EnforcementAllowed", "True");
  }

  @Test
  @Execution(CONCURRENT)
  void evictionIsForWhatIsMeasuredAgentByAgent(Story story) {
    story
        .given(pool("asked"))
        .gated(gate("own", "asked").profiles("coordination").evict("spawn", "1"))
        .gated(gate("probed", "asked").profiles("coordination").evict("agent-latency", "1"))
        .gated(
            gate("counted", "asked")
                .profiles("application")
                .quickLast("response-time", 59, 200)
                .evict("response-time", "1"));
    refuses(story, "own", "spawn");
    refuses(story, "probed", "agent-latency");
    refuses(story, "counted", "response-time");
  }

  private static void refuses(Story story, String gate, String objective) {
    GateCheck check = story.gate(gate).has("Stalled", "True");
    assertThat(check.condition("Stalled").message())
        .contains(
            "takes agents away for %s, which is not measured agent by agent".formatted(objective))
        .contains("such as response-time with a windowSeconds of 300 and no lastEvents");
  }

  @Test
  @Execution(CONCURRENT)
  void aTemplateThatMissesItsTargetIsTakenBack(Story story) {
    story
        .given(pool("fickle").replicas(2).java("echo").set("agent.concurrency", 4))
        .gated(
            gate("slo", "fickle")
                .profiles("application")
                .quick("response-time", "500ms", "90%", 29)
                .quick("agent-memory", "", "", 10)
                .rollback("response-time"));
    GateCheck slo = story.gate("slo");
    try (var _ = story.traffic("fickle", "900", 6)) {
      slo.says("response-time", "Met").says("agent-memory", "Met");
      Story.eventually(
          Duration.ofMinutes(2),
          () -> assertThat(templates(story)).contains("strata.dev/satisfied-at"));
      // To this handler the same input is a wait.
      story.when(poolIsPatched("fickle", handler("sleep")));
      story
          .then(thePool("fickle"))
          .says(Duration.ofMinutes(3), "RolledBack", "TargetMissed", "gate slo: response-time");
      // The gate says so by a reconcile of its own.
      Story.eventually(
          Story.PATIENCE,
          () ->
              assertThat(slo.status().actions())
                  .extracting(ActionStatus::action, ActionStatus::outcome)
                  .containsExactly(tuple("Rollback", "RolledBack")));
      assertThat(story.pool("fickle").getSpec().agent().handler().java().name())
          .as("the user's spec")
          .isEqualTo("sleep");
      slo.says("response-time", "Met");
      story.then(thePool("fickle")).isReady(2);
      assertThat(templates(story)).containsOnlyOnce("strata.dev/rolled-back");
      story.when(poolIsPatched("fickle", handler("echo")));
      Story.eventually(
          Story.PATIENCE,
          () ->
              assertThat(story.kubectl("get", "ap", "fickle", "-o", "jsonpath={.status}"))
                  .contains("\"updatedReplicas\":2")
                  .doesNotContain("RolledBack"));
    }
  }

  private static String templates(Story story) {
    return story.kubectl(
        "get", "controllerrevisions", "-o", "jsonpath={.items[*].metadata.annotations}");
  }

  @Test
  @Execution(CONCURRENT)
  void sparesAreAddedForAsLongAsTheyAreNeeded(Story story) {
    story
        .given(pool("pressed").replicas(2).warm(1).java("sleep").set("agent.concurrency", 4))
        .gated(
            gate("slo", "pressed")
                .profiles("application")
                .quick("response-time", "500ms", "90%", 29)
                .growWarm("response-time", 2));
    GateCheck slo = story.gate("slo");
    try (var traffic = story.traffic("pressed", "5", 6)) {
      slo.says("response-time", "Met");
      traffic.send("900");
      slo.says("response-time", "Violated");
      story.then(thePool("pressed")).isReady(2).hasSpares(3);
      assertThat(slo.condition("Enforcing").reason()).isEqualTo("GrowingWarm");
      traffic.send("5");
      slo.says("response-time", "Met");
      story.then(thePool("pressed")).isReady(2).hasSpares(1).hasPods(3);
    }
  }

  @Test
  @Execution(CONCURRENT)
  void aRolloutIsHeldUntilTheTemplateChangesAgain(Story story) {
    story
        .given(pool("updated").replicas(2).java("sleep").set("agent.concurrency", 4))
        .gated(
            gate("slo", "updated")
                .profiles("application")
                .quick("response-time", "500ms", "90%", 29)
                .enforce("HoldRollout"));
    GateCheck slo = story.gate("slo");
    try (var traffic = story.traffic("updated", "5", 6)) {
      slo.says("response-time", "Met");
      story.when(poolIsPatched("updated", handler("none")));
      traffic.send("900");
      slo.says("response-time", "Violated");
      story.then(thePool("updated")).says(Story.PATIENCE, "RolloutHeld", "RolloutHeld", "gate slo");
      story.when(poolIsPatched("updated", handler("echo")));
      Story.eventually(
          Story.PATIENCE,
          () ->
              assertThat(story.kubectl("get", "ap", "updated", "-o", "jsonpath={.status}"))
                  .contains("\"updatedReplicas\":2")
                  .doesNotContain("RolloutHeld"));
    }
  }

  private static String handler(String name) {
    return "{\"spec\": {\"agent\": {\"handler\": {\"java\": {\"name\": \"%s\"}}}}}".formatted(name);
  }

  private static PoolDraft hogs(String name, Path folder) {
    return own("hog", name, folder).env("AGENT_JAVA_OPTIONS", "-Xmx256m");
  }

  /** A pool with a handler of the tests' own. */
  private static PoolDraft own(String handler, String name, Path folder) {
    String type = Character.toUpperCase(handler.charAt(0)) + handler.substring(1) + "Handler";
    return pool(name).java(handler).env("HANDLERS_PATH", HandlerJar.of(type, folder).toString());
  }

  private static GateDraft prompt(String name, String pool) {
    return gate(name, pool).profiles("application").quick("response-time", "1s", "90%", 29);
  }

  private static GateDraft evicting(String name, String pool, String most) {
    return gate(name, pool)
        .profiles("application")
        .quick("agent-memory", "", "", 10)
        .evict("agent-memory", most);
  }

  private static List<String> pods(Story story, String pool) {
    return story
        .client()
        .pods()
        .inNamespace(story.namespace())
        .withLabel("strata.dev/pool", pool)
        .list()
        .getItems()
        .stream()
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .map(p -> p.getMetadata().getName())
        .toList();
  }

  private static Map<String, String> uids(Story story, String pool) {
    Map<String, String> uids = new HashMap<>();
    story.podsOf(pool).stream()
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .forEach(p -> uids.put(p.getMetadata().getName(), p.getMetadata().getUid()));
    return uids;
  }

  /** What the pool has paid for. */
  private static List<String> account(Story story, String pool) {
    Map<String, String> annotations =
        story
            .client()
            .policy()
            .v1()
            .podDisruptionBudget()
            .inNamespace(story.namespace())
            .withName(pool)
            .require()
            .getMetadata()
            .getAnnotations();
    String value = annotations == null ? "" : annotations.getOrDefault(ACCOUNT, "");
    return value.isEmpty() ? List.of() : List.of(value.split(","));
  }
}

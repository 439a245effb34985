package dev.strata.e2e;

import static dev.strata.e2e.Event.operatorDies;
import static dev.strata.e2e.Event.operatorStarts;
import static dev.strata.e2e.Event.poolIsScaledTo;
import static dev.strata.e2e.GateDraft.gate;
import static dev.strata.e2e.Named.thePool;
import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.remains;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.strata.api.v1alpha1.ActionStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What ends, or outlives, what gates do: a killed operator, a deleted gate, a bypass. */
@SystemTest
final class GateLimitsTest {
  private static final String ACCOUNT = "strata.dev/evictions";

  @Test
  void anOperatorKilledRightAfterAnEvictionPaysOnce(Story story) {
    // All are too heavy, and all may be: only the cooldown keeps the others.
    story
        .given(
            pool("doomed")
                .replicas(3)
                .warm(1)
                .env("AGENT_JAVA_OPTIONS", "-Xms180m -Xmx180m -XX:+AlwaysPreTouch"))
        .gated(
            gate("slo", "doomed")
                .profiles("application")
                .quick("agent-memory", "", "", 10)
                .evict("agent-memory", "3"));
    List<String> before = uids(story, "doomed");
    GateCheck slo = story.gate("slo");
    Story.eventually(
        Duration.ofMinutes(3),
        () ->
            assertThat(slo.status().actions())
                .extracting(ActionStatus::action, ActionStatus::outcome)
                .containsExactly(tuple("Evict", "Evicted")));
    List<ActionStatus> rows = slo.status().actions();
    story.when(operatorDies(), operatorStarts());
    List<String> paid = account(story, "doomed");
    assertThat(paid).hasSize(1);
    String gone = paid.getFirst().substring(paid.getFirst().indexOf('=') + 1);
    assertThat(before).contains(gone);
    story.then(thePool("doomed")).isReady(3).hasSpares(1);
    Story.eventually(
        Duration.ofMinutes(3),
        () ->
            assertThat(slo.condition("EnforcementAllowed").reason())
                .as("it would evict the next one")
                .isEqualTo("CoolingDown"));
    slo.reads("agent-memory", "Violated");
    remains(
        Duration.ofSeconds(20),
        () -> {
          assertThat(account(story, "doomed")).isEqualTo(paid);
          assertThat(uids(story, "doomed"))
              .containsAll(before.stream().filter(uid -> !uid.equals(gone)).toList());
          assertThat(slo.status().actions()).isEqualTo(rows);
        });
  }

  @Test
  void aDeletedGateHoldsNothing(Story story) {
    story.given(slow("kept").replicas(3)).gated(holding("slo", "kept"));
    try (var _ = story.traffic("kept", "900", 6)) {
      held(story, "slo", "kept");
      story.kubectl("delete", "qg", "slo");
      story.then(thePool("kept")).isReady(1);
    }
  }

  @Test
  void aBypassedGateHoldsNothing(Story story) {
    story.given(slow("freed").replicas(3)).gated(holding("slo", "freed"));
    try (var _ = story.traffic("freed", "900", 6)) {
      GateCheck slo = held(story, "slo", "freed");
      Instant until = Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
      story.kubectl(
          "patch",
          "qg/slo",
          "--type=merge",
          "-p",
          "{\"spec\": {\"bypass\": {\"until\": \"%s\", \"reason\": \"a test\"}}}".formatted(until));
      Story.eventually(
          Story.PATIENCE,
          () -> assertThat(slo.condition("EnforcementAllowed").reason()).isEqualTo("Bypassed"));
      story.then(thePool("freed")).isReady(1);
      slo.reads("response-time", "Violated");
      assertThat(slo.status().actions())
          .extracting(ActionStatus::outcome)
          .containsExactly("Holding", "Released");
    }
  }

  /** A smaller pool is wanted, and the gate keeps it as it is. */
  private static GateCheck held(Story story, String gate, String pool) {
    GateCheck slo = story.gate(gate).says("response-time", "Violated");
    story.when(poolIsScaledTo(pool, 1));
    story.then(thePool(pool)).says(Story.PATIENCE, "ScaleHeld", "ScaleHeld", "gate " + gate);
    remains(
        Duration.ofSeconds(5),
        () -> assertThat(story.pool(pool).getStatus().replicas()).isEqualTo(3));
    return slo;
  }

  private static PoolDraft slow(String name) {
    return pool(name).java("sleep").set("agent.concurrency", 4);
  }

  private static GateDraft holding(String name, String pool) {
    return gate(name, pool)
        .profiles("application")
        .quick("response-time", "500ms", "90%", 29)
        .enforce("HoldScaleDown");
  }

  private static List<String> uids(Story story, String pool) {
    return story.podsOf(pool).stream()
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .map(Pod::getMetadata)
        .map(m -> m.getUid())
        .toList();
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

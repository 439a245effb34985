package dev.strata.e2e;

import static dev.strata.e2e.Story.PATIENCE;
import static dev.strata.e2e.Story.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.api.v1alpha1.AgentPoolStatus;
import dev.strata.api.v1alpha1.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;

/** What is expected of a pool. */
record PoolCheck(Story story, String pool) {

  /** So many agents are ready, none too many, and the status says so for the spec as it is now. */
  PoolCheck isReady(int replicas) {
    eventually(
        PATIENCE,
        () -> {
          AgentPool now = story.pool(pool);
          AgentPoolStatus status = now.getStatus();
          assertThat(status).as("status of %s", pool).isNotNull();
          assertThat(status.observedGeneration())
              .as("observed generation of %s", pool)
              .isEqualTo(now.getMetadata().getGeneration());
          assertThat(status.readyReplicas()).as("ready agents of %s", pool).isEqualTo(replicas);
          assertThat(status.replicas()).as("agents of %s", pool).isEqualTo(replicas);
          assertThat(condition("Ready").status()).as("Ready of %s", pool).isEqualTo("True");
        });
    return this;
  }

  PoolCheck hasSpares(int spares) {
    eventually(
        PATIENCE,
        () ->
            assertThat(story.pool(pool).getStatus().warm())
                .as("spares of %s", pool)
                .isEqualTo(spares));
    return this;
  }

  /**
   * It has exactly so many pods, leaving ones included. One that ended soon after its start is not
   * counted: it is kept as evidence until a later start has lasted.
   */
  PoolCheck hasPods(int pods) {
    eventually(
        PATIENCE,
        () ->
            assertThat(story.podsOf(pool))
                .as("pods of %s", pool)
                .filteredOn(pod -> !"Failed".equals(pod.getStatus().getPhase()))
                .extracting(pod -> pod.getMetadata().getName())
                .hasSize(pods));
    return this;
  }

  /** A condition with this reason whose message has all of these words. */
  PoolCheck says(Duration limit, String type, String reason, String... words) {
    eventually(
        limit,
        () -> {
          Condition condition = condition(type);
          assertThat(condition.status())
              .as("%s of %s: %s", type, pool, condition)
              .isEqualTo("True");
          assertThat(condition.reason()).as("reason of %s of %s", type, pool).isEqualTo(reason);
          assertThat(condition.message()).as("message of %s of %s", type, pool).contains(words);
        });
    return this;
  }

  private Condition condition(String type) {
    AgentPoolStatus status = story.pool(pool).getStatus();
    List<Condition> conditions = status == null ? List.of() : status.conditions();
    return conditions.stream()
        .filter(c -> c.type().equals(type))
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "%s has no condition %s, only %s".formatted(pool, type, conditions)));
  }

  /** Agents that work at this moment by what the API says: active, ready and not leaving. */
  int available() {
    return (int)
        story.podsOf(pool).stream()
            .filter(pod -> "active".equals(pod.getMetadata().getLabels().get("strata.dev/role")))
            .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
            .filter(PoolCheck::ready)
            .count();
  }

  static boolean ready(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }
}

package dev.strata.e2e;

import static dev.strata.e2e.Event.poolIsPatched;
import static dev.strata.e2e.Named.thePool;
import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.PATIENCE;
import static dev.strata.e2e.Story.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A change of the template. */
@SystemTest
final class RollingUpdateTest {
  private static final int KEPT = 5;

  private static Event greetingBecomes(String pool, String greeting) {
    return poolIsPatched(
        pool,
        """
        {"spec":{"template":{"env":[{"name":"GREETING","value":"%s"}]}}}"""
            .formatted(greeting));
  }

  @Test
  void rollsWithinMaxUnavailable(Story story) {
    story.given(
        pool("rolling")
            .replicas(4)
            .warm(1)
            .exec("/bin/sh", "-c", "echo \"$GREETING, $(cat)\"")
            .env("GREETING", "Good morning"));
    story.tasks("rolling").answers("Ada", "Good morning, Ada");
    String old = story.pool("rolling").getStatus().revision();
    try (Availability availability = Availability.of(story, "rolling", 4)) {
      story.when(greetingBecomes("rolling", "Good evening"));
      updated(story, "rolling", 4);
      assertThat(availability.lowest())
          .as("agents available at any moment")
          .isGreaterThanOrEqualTo(3);
    }
    String now = story.pool("rolling").getStatus().revision();
    assertThat(now).isNotEqualTo(old);
    story.then(thePool("rolling")).isReady(4).hasSpares(1).hasPods(5);
    assertThat(story.podsOf("rolling"))
        .allSatisfy(
            pod ->
                assertThat(pod.getMetadata().getLabels())
                    .containsEntry("strata.dev/revision", now));
    story.tasks("rolling").answers("Ada", "Good evening, Ada");
  }

  private static void updated(Story story, String pool, int replicas) {
    eventually(
        PATIENCE,
        () -> {
          var now = story.pool(pool);
          assertThat(now.getStatus().observedGeneration())
              .isEqualTo(now.getMetadata().getGeneration());
          assertThat(now.getStatus().updatedReplicas()).isEqualTo(replicas);
        });
    story.then(thePool(pool)).isReady(replicas);
  }

  @Test
  void keepsFiveTemplatesAndFindsAnEarlierOneAgain(Story story) {
    story.given(pool("history").env("GREETING", "0"));
    for (int i = 1; i <= KEPT; i++) {
      story.when(greetingBecomes("history", String.valueOf(i)));
      updated(story, "history", 1);
    }
    eventually(PATIENCE, () -> assertThat(revisions(story)).hasSizeLessThanOrEqualTo(KEPT));
    ControllerRevision earlier = revisions(story).get(1);
    String greeting = greeting(earlier);
    story.when(greetingBecomes("history", greeting));
    updated(story, "history", 1);
    List<ControllerRevision> after = revisions(story);
    assertThat(after).hasSizeLessThanOrEqualTo(KEPT);
    assertThat(after.getLast().getMetadata().getName())
        .as("the template of greeting %s is the newest again", greeting)
        .isEqualTo(earlier.getMetadata().getName());
    assertThat(after.getLast().getMetadata().getLabels())
        .containsEntry("strata.dev/revision", story.pool("history").getStatus().revision());
  }

  private static String greeting(ControllerRevision revision) {
    var data =
        new com.fasterxml.jackson.databind.ObjectMapper()
            .<com.fasterxml.jackson.databind.JsonNode>valueToTree(revision.getData());
    return data.at("/template/env/0/value").asText();
  }

  private static List<ControllerRevision> revisions(Story story) {
    return story
        .client()
        .apps()
        .controllerRevisions()
        .inNamespace(story.namespace())
        .list()
        .getItems()
        .stream()
        .sorted(Comparator.comparingLong(ControllerRevision::getRevision))
        .toList();
  }
}

package dev.strata.e2e;

import static dev.strata.e2e.Named.thePool;
import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.PATIENCE;
import static dev.strata.e2e.Story.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.harness.OperatorProcess;
import dev.strata.protocol.TaskResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NATS users that are good for ten seconds, under agents that live longer. */
@SystemTest
final class CredentialsTest {
  private static final Duration VALIDITY = Duration.ofSeconds(10);
  private static final int EXPIRIES = 3;

  @Test
  void agentsOutliveTheirCredentialsAndLoseNoTask(Story story, @TempDir Path folder)
      throws IOException {
    Path log = folder.resolve("executions.log");
    try (var replicas = Replicas.on(story.cluster(), "-Dstrata.credentials-validity=10s")) {
      OperatorProcess usual = story.cluster().operator();
      OperatorProcess brief = replicas.otherThan(usual);
      usual.stop();
      replicas.awaitLeader(brief);
      story.given(
          pool("phoenix").replicas(2).warm(1).java("sleep").env("EXECUTION_LOG", log.toString()));
      Instant began = Instant.now();
      assertThat(PodSecrets.of(story, story.podOf("phoenix-0")).credentials().expiry())
          .as("expiry of what its pod was made with")
          .isBefore(began.plus(VALIDITY));
      var holders = story.holders();
      var pods = names(story);

      List<String> submitted = new ArrayList<>();
      PoolTasks tasks = story.tasks("phoenix");
      while (Instant.now().isBefore(began.plus(VALIDITY.multipliedBy(EXPIRIES)))) {
        submitted.add(tasks.submit("1500"));
        tasks.result(tasks.submit("50"));
      }
      for (String task : submitted) {
        assertThat(tasks.result(task).status()).isEqualTo(TaskResult.Status.DONE);
      }
      assertThat(story.holders()).as("agents and epochs").isEqualTo(holders);
      assertThat(names(story)).as("pods, the spare too").isEqualTo(pods);
      assertThat(Files.readAllLines(log).stream().map(line -> line.split(" ", 2)[0]))
          .as("executions")
          .containsAll(submitted)
          .doesNotHaveDuplicates();
    }
    // The usual operator leads again and gives the same agents a day.
    story.then(thePool("phoenix")).isReady(2).hasSpares(1).hasPods(3);
    story.tasks("phoenix").answers("1", "1");
  }

  private static List<String> names(Story story) {
    List<String> names = new ArrayList<>();
    eventually(PATIENCE, () -> assertThat(story.podsOf("phoenix")).hasSize(3));
    story.podsOf("phoenix").forEach(pod -> names.add(pod.getMetadata().getName()));
    return names.stream().sorted().toList();
  }
}

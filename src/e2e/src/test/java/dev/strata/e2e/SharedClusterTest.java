package dev.strata.e2e;

import static dev.strata.e2e.Named.thePool;
import static dev.strata.e2e.PoolDraft.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.harness.OperatorProcess;
import org.junit.jupiter.api.Test;

/** What the other stories rely on. */
@SystemTest
final class SharedClusterTest {
  @Test
  void anOperatorThatEndsByItselfComesBack(Story story) {
    OperatorProcess operator = story.cluster().operator();
    long process = operator.pid();
    assertThat(ProcessHandle.of(process).orElseThrow().destroyForcibly()).isTrue();
    story.given(pool("served").replicas(1));
    assertThat(operator.pid()).isNotEqualTo(process);
    Story.eventually(
        Story.PATIENCE,
        () ->
            assertThat(story.cluster().condition())
                .contains("runs, is ready and said last", "leader: " + operator.name()));
    story.when(Event.poolIsScaledTo("served", 2));
    story.then(thePool("served")).isReady(2);
  }
}

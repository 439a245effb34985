package dev.strata.e2e;

import static dev.strata.e2e.Story.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;

/** What is expected of an agent that something happened to. */
record AgentCheck(Story story, Named.Agent agent, Story.Holder was) {

  /** Same identity, next epoch, another pod, and that pod says that it is this agent. */
  AgentCheck isBackWithin(Duration limit) {
    eventually(
        limit,
        () -> {
          Story.Holder now = story.holders().get(agent.identity());
          assertThat(now.podUid()).as("pod of %s", agent).isNotNull().isNotEqualTo(was.podUid());
          assertThat(now.epoch()).as("epoch of %s", agent).isEqualTo(was.epoch() + 1);
          Pod pod = story.podOf(agent.identity());
          assertThat(pod.getMetadata().getLabels())
              .containsEntry("strata.dev/role", "active")
              .containsEntry("strata.dev/identity", agent.identity());
          assertThat(PoolCheck.ready(pod)).as("%s is ready", agent).isTrue();
        });
    return this;
  }

  /** It is who it was before: same pod, same epoch. */
  AgentCheck isStillTheSame() {
    assertThat(story.holders().get(agent.identity())).as("holder of %s", agent).isEqualTo(was);
    return this;
  }

  /** It was replaced exactly so often. */
  AgentCheck wasReplaced(int times) {
    assertThat(story.holders().get(agent.identity()).epoch())
        .as("epoch of %s", agent)
        .isEqualTo(was.epoch() + times);
    return this;
  }
}

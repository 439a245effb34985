package dev.strata.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnWritesTest {
  private final OwnWrites<Pod> own = new OwnWrites<>();

  @Test
  void aWriteIsSeenBeforeTheCacheHasIt() {
    own.wrote(pod("a", 7));
    assertThat(own.over(List::of, "pool")).containsExactly(pod("a", 7));
    assertThat(own.over(() -> List.of(pod("a", 5)), "pool")).containsExactly(pod("a", 7));
    assertThat(own.over(() -> List.of(pod("a", 9)), "pool")).containsExactly(pod("a", 9));
    assertThat(own.over(List::of, "pool")).as("the cache had it, and has it no more").isEmpty();
  }

  @Test
  void anAnswerThatComesAfterTheEndBringsNothingBack() {
    own.wrote(pod("a", 7));
    own.gone("a");
    own.wrote(pod("a", 8));
    own.deleted("a");
    assertThat(own.over(List::of, "pool")).isEmpty();
    assertThat(own.isDeleted("a")).as("on its way to its end").isFalse();
  }

  private static Pod pod(String uid, long version) {
    return new PodBuilder()
        .withNewMetadata()
        .withUid(uid)
        .withResourceVersion(Long.toString(version))
        .addNewOwnerReference()
        .withUid("pool")
        .endOwnerReference()
        .endMetadata()
        .build();
  }
}

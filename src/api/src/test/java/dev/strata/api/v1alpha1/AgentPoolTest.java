package dev.strata.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pool is read as. */
class AgentPoolTest {

  @Test
  void leftOutListsAndMapsAreEmpty() {
    var pool =
        Serialization.unmarshal(
            """
            apiVersion: strata.dev/v1alpha1
            kind: AgentPool
            metadata: {name: pool}
            spec:
              template: {}
            """,
            AgentPool.class);

    assertThat(pool.getSpec().template().env()).isEmpty();
    assertThat(pool.getSpec().template().labels()).isEmpty();
    assertThat(pool.getStatus()).isNull();
  }

  @Test
  void labelsComeOutInOneOrder() {
    var one = template("labels: {b: x, a: y}");
    var other = template("labels: {a: y, b: x}");

    assertThat(Serialization.asJson(one)).isEqualTo(Serialization.asJson(other));
  }

  @ParameterizedTest
  @CsvSource({"0,0,10,0", "2,0,10,2", "0,20,10,2", "0,1,10,1", "3,20,10,3", "0,100,1000,1000"})
  void sparesAreTheLargerOfNumberAndShare(int target, int percent, int replicas, int spares) {
    assertThat(new WarmSpec(target, percent).spares(replicas)).isEqualTo(spares);
  }

  private static TemplateSpec template(String yaml) {
    return Serialization.unmarshal(yaml, TemplateSpec.class);
  }
}

package dev.strata.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.api.v1alpha1.EnforcementSpec;
import dev.strata.core.gate.Cause;
import dev.strata.core.gate.GateConditions.Said;
import dev.strata.core.gate.Layer;
import dev.strata.core.gate.Measure;
import dev.strata.core.gate.Objective;
import dev.strata.core.gate.Rule;
import dev.strata.core.gate.Window;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two gates that would do the same harm by the same signal. */
final class RivalsTest {
  @Test
  void theSameSignalUnderTwoNamesIsOne() {
    Watch slo = gate("slo", "Evict", "response-time", "response-time");
    Watch own = gate("own", "Quarantine", "very-fast", "response-time");
    Watch other = gate("other", "Evict", "agent-memory", "agent-memory");
    List<Watch> all = List.of(slo, own, other);
    assertThat(Rivals.mayEvict(slo, all)).isFalse();
    assertThat(Rivals.mayEvict(own, all)).isFalse();
    assertThat(Rivals.mayEvict(other, all)).isTrue();
    assertThat(Rivals.conflict(slo, all)).map(Said::reason).contains("Conflicted");
    assertThat(Rivals.conflict(slo, all).orElseThrow().message()).startsWith("own takes agents");
    assertThat(Rivals.conflict(other, all)).isEmpty();
  }

  @Test
  void templatesAreTakenBackByOneGateToo() {
    Watch slo = gate("slo", "Rollback", "response-time", "response-time");
    Watch own = gate("own", "Rollback", "very-fast", "response-time");
    assertThat(Rivals.mayTakeBack(slo, List.of(slo, own))).isFalse();
    assertThat(Rivals.conflict(own, List.of(slo, own)).orElseThrow().message())
        .startsWith("slo takes templates back by the same signal");
    assertThat(Rivals.mayTakeBack(slo, List.of(slo))).isTrue();
  }

  @Test
  void toEvictAndToTakeBackAreTwoThings() {
    Watch slo = gate("slo", "Rollback", "response-time", "response-time");
    Watch own = gate("own", "Evict", "very-fast", "response-time");
    assertThat(Rivals.mayTakeBack(slo, List.of(slo, own))).isTrue();
    assertThat(Rivals.mayEvict(own, List.of(slo, own))).isTrue();
  }

  private static Watch gate(String name, String action, String objective, String signal) {
    var rule =
        new EnforcementSpec(action, List.of(objective), 600, new IntOrString(1), 300, 2, null);
    return new Watch(
        GateDraft.gate(name, "team", "demo", rule),
        "uid-1",
        List.of(target(objective, signal)),
        null,
        null,
        0);
  }

  private static Target target(String name, String signal) {
    return new Target(
        new Objective(
            name,
            Layer.Application,
            true,
            new Rule.Share(0.9),
            Window.of(Duration.ofMinutes(5)),
            29,
            1),
        signal,
        Measure.Kind.SHARE,
        ">= 90%",
        "5m",
        "share",
        new Source.None(Cause.NotExposed),
        "",
        null);
  }
}

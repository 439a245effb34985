package dev.strata.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.core.gate.Cause;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/** All values of a gate are gauges for as long as it is there. */
class GateMetersTest {
  private static final String GATE =
      """
      metadata: {name: slo, namespace: here}
      spec: {poolRef: {name: research}, profiles: [application]}
      """;

  @Test
  void eachObjectiveHasItsGauges() throws BadGateException {
    var registry = new SimpleMeterRegistry();
    var meters = new GateMeters(registry);
    Watch watch = GateDesk.watch(GATE, null);
    watch.evaluate(new Measured(), GateDesk.NOW);
    meters.show(watch);
    for (String name : new String[] {"verdict", "observed", "bound", "coverage", "samples"}) {
      assertThat(registry.find("strata.gate." + name).gauges())
          .as(name)
          .extracting(g -> g.getId().getTag("objective"))
          .containsExactlyInAnyOrder("response-time", "accuracy", "agent-memory", "auto-recovery");
    }
    assertThat(registry.get("strata.gate.bound").tag("objective", "response-time").gauge().value())
        .as("%s", Cause.NoDemand)
        .isNaN();
    meters.forget(watch.gate());
    assertThat(registry.getMeters())
        .extracting(Meter::getId)
        .noneMatch(id -> id.getTag("objective") != null);
  }
}

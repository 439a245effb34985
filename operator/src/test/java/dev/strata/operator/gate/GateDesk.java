package dev.strata.operator.gate;

import dev.strata.api.FedSignals;
import dev.strata.api.ShippedProfiles;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateProfile;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes gates up as the operator does, without a cluster. */
final class GateDesk {
  static final long NOW = Instant.parse("2026-11-28T12:00:00Z").toEpochMilli();

  /** UID of the pool that all gates judge here. */
  static final String POOL = "pool-1";

  private static final Map<String, QualityGateProfile> PROFILES =
      ShippedProfiles.read().stream()
          .collect(Collectors.toMap(p -> p.getMetadata().getName(), Function.identity()));

  private GateDesk() {}

  /** A gate that is written down in full: nobody fills in defaults here. */
  static QualityGate gate(String yaml) {
    QualityGate gate = Serialization.unmarshal(yaml, QualityGate.class);
    gate.getMetadata().setGeneration(1L);
    gate.getMetadata().setUid("uid-of-" + gate.getMetadata().getName());
    return gate;
  }

  /** As it is taken up: judged by nothing yet. */
  static Watch watch(String yaml, @Nullable Watch before) throws BadGateException {
    return new Watch(gate(yaml), POOL, compile(yaml), before, null, NOW);
  }

  /** Its targets. */
  static List<Target> compile(String yaml) throws BadGateException {
    return compile(yaml, Duration.ofSeconds(60));
  }

  /** Likewise, of a pool that cuts attempts off after this. */
  static List<Target> compile(String yaml, Duration cutOff) throws BadGateException {
    QualityGate gate = gate(yaml);
    List<Target> targets =
        Overrides.targets(
            gate.getSpec(),
            name -> Optional.ofNullable(PROFILES.get(name)),
            new Compiler(FedSignals.read()));
    ThresholdRules.check(gate.getSpec(), targets, cutOff);
    EnforcementRules.check(gate.getSpec(), targets, NOW);
    return targets;
  }
}

package dev.strata.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.api.v1alpha1.ObjectiveSpec;
import dev.strata.api.v1alpha1.QualityGateProfile;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShippedProfilesTest {
  private final List<QualityGateProfile> profiles = ShippedProfiles.read();

  @Test
  void thereIsOneOfEachLayerUnderItsName() {
    assertThat(profiles)
        .extracting(profile -> profile.getMetadata().getName())
        .containsExactlyElementsOf(ShippedProfiles.NAMES);
    assertThat(profiles)
        .extracting(profile -> profile.getSpec().layer())
        .containsExactly("Application", "Coordination", "Transport", "Physical");
  }

  @Test
  void theyHaveThe33TargetsInTheirOrder() {
    assertThat(objectives())
        .extracting(ObjectiveSpec::name)
        .containsExactly(
            "response-time",
            "accuracy",
            "agent-memory",
            "auto-recovery",
            "spawn",
            "agent-latency",
            "allocation",
            "balance",
            "sync-overhead",
            "gate-processing",
            "alignment",
            "optimization",
            "delivery-success",
            "delivery-local",
            "delivery-remote",
            "throughput",
            "compression",
            "overhead",
            "error-detection",
            "adaptation",
            "failover",
            "cpu",
            "context-switch",
            "sched-latency",
            "temperature",
            "memory-allocation",
            "gc",
            "cache-hit",
            "leak",
            "disk",
            "network",
            "io-wait",
            "storage");
    assertThat(objectives())
        .allSatisfy(objective -> assertThat(objective.signal()).isEqualTo(objective.name()));
  }

  @Test
  void sixOfThemAreRequired() {
    assertThat(objectives())
        .filteredOn(objective -> objective.severity().equals("Required"))
        .extracting(ObjectiveSpec::name)
        .containsExactly(
            "response-time", "accuracy", "agent-memory", "spawn", "delivery-success", "leak");
  }

  /** A namespaced operator uses them without an API server that fills in defaults. */
  @Test
  void nothingIsLeftToDefaults() {
    assertThat(objectives())
        .allSatisfy(
            objective -> {
              assertThat(objective.severity()).isIn("Required", "Advisory");
              assertThat(objective.weight()).isPositive();
              assertThat(objective.windowSeconds()).isPositive();
              assertThat(objective.minSamples()).isPositive();
              assertThat(objective.definition()).isNotBlank();
            });
  }

  @Test
  void eachHasOneIndicator() {
    assertThat(objectives())
        .allSatisfy(
            objective ->
                assertThat(
                        Stream.of(
                                objective.share(),
                                objective.ratio(),
                                objective.value(),
                                objective.slices(),
                                objective.trend())
                            .filter(Objects::nonNull))
                    .as(objective.name())
                    .hasSize(1));
  }

  private List<ObjectiveSpec> objectives() {
    return profiles.stream().flatMap(profile -> profile.getSpec().objectives().stream()).toList();
  }
}

package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator made of a profile.
 *
 * @param conditions one of each type
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record QualityGateProfileStatus(
    @JsonPropertyDescription("The generation of the spec that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("How many objectives the profile has.")
        @Nullable Integer objectiveCount,
    @JsonPropertyDescription(
            "What holds for the profile, one entry a type. Accepted: gates can use it.")
        List<Condition> conditions) {

  public QualityGateProfileStatus {
    conditions = Copies.of(conditions);
  }
}

package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the targets of a gate stand.
 *
 * @param met such as 27/33
 * @param objectives one of each name
 * @param actions what was done, at most ten
 * @param conditions one of each type
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record QualityGateStatus(
    @JsonPropertyDescription("The generation of the spec that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Name of the pool that is judged.") @Nullable String pool,
    @JsonPropertyDescription("Objectives that are met, of how many, such as 27/33.")
        @Nullable String met,
    @JsonPropertyDescription("Objectives that are violated.") @Nullable Integer violated,
    @JsonPropertyDescription("Objectives of which nothing can be said.") @Nullable Integer unknown,
    @JsonPropertyDescription("The objective that is furthest beyond its target.")
        @Nullable String worst,
    @JsonPropertyDescription("The mode that is in force.") @Nullable String mode,
    @JsonPropertyDescription("How each objective stands, one entry a name.")
        List<ObjectiveStatus> objectives,
    @JsonPropertyDescription("What the gate did, the newest last, at most ten.")
        List<ActionStatus> actions,
    @JsonPropertyDescription(
            "What holds for the gate, one entry a type. Ready: it is being evaluated. Satisfied: the"
                + " required objectives hold.")
        List<Condition> conditions) {

  public QualityGateStatus {
    objectives = Copies.of(objectives);
    actions = Copies.of(actions);
    conditions = Copies.of(conditions);
  }

  QualityGateStatus with(List<ObjectiveStatus> objectives, List<ActionStatus> actions) {
    return new QualityGateStatus(
        observedGeneration,
        pool,
        met,
        violated,
        unknown,
        worst,
        mode,
        objectives,
        actions,
        conditions);
  }
}

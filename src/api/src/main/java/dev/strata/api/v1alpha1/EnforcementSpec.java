package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * What is done while objectives are violated.
 *
 * @param action an {@link Action}
 * @param objectives names; empty: all Required ones
 * @param maxSeconds 60 s to 24 h
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self.action != 'HoldScaleUp' || (has(self.objectives) && size(self.objectives) > 0)",
    fieldPath = ".objectives",
    message =
        "HoldScaleUp has to name its objectives, because holding more agents back makes most"
            + " violations worse: write objectives that more agents would not heal")
@ValidationRule(
    value =
        "self.action != 'HoldScaleUp' || !has(self.objectives) || self.objectives.all(o, !(o in"
            + " ['response-time', 'delivery-success', 'spawn', 'cpu']))",
    fieldPath = ".objectives",
    message =
        "HoldScaleUp on response-time, delivery-success, spawn or cpu would keep away the agents"
            + " that could heal it: use HoldScaleDown, or other objectives")
@JsonIgnoreProperties(ignoreUnknown = true)
public record EnforcementSpec(
    @JsonPropertyDescription(
            "What is done. HoldScaleDown: the pool gets no smaller than it is. HoldScaleUp: it gets"
                + " no larger; lost agents are replaced all the same.")
        @Required
        @SchemaFrom(type = Action.class)
        String action,
    @JsonPropertyDescription(
            "Names of the objectives whose violation does it. Left out: all Required ones.")
        List<String> objectives,
    @JsonPropertyDescription(
            "How long it lasts at most in seconds, counted from the violation on. After that it is"
                + " not done again before the objective was met.")
        @Default("3600")
        @Min(60)
        @Max(86400)
        int maxSeconds) {

  public EnforcementSpec {
    objectives = Copies.of(objectives);
  }

  /** What is done. */
  public enum Action {
    /** No agent is taken away. */
    HoldScaleDown,
    /** No agent is added. */
    HoldScaleUp
  }
}

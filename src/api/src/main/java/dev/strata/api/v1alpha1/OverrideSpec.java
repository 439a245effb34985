package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A change of one objective of the profiles, for one gate. What is null stays as the profile says.
 *
 * @param objective name of the objective
 * @param threshold in place of its threshold, in a unit of the same kind
 * @param target in place of its atLeast or atMost, in a unit of the same kind
 * @param windowSeconds 10 s to 7 d
 * @param lastEvents 1 to 10000
 * @param minSamples 1 to 1000000
 * @param severity a {@link ObjectiveSpec.Severity}
 * @param disabled whether the gate leaves the objective out
 * @param reason why; not null where the objective is disabled
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.objective.matches('^[a-z][a-z0-9-]*$')",
    fieldPath = ".objective",
    message =
        "an override names an objective of a profile: write its name, such as \"response-time\"")
@ValidationRule(
    value =
        "[has(self.threshold), has(self.target), has(self.windowSeconds), has(self.lastEvents),"
            + " has(self.minSamples), has(self.severity), has(self.disabled)].exists(h, h)",
    message =
        "an override changes nothing: write what is to differ, such as threshold, target, severity"
            + " or disabled, or remove it")
@ValidationRule(
    value =
        "!has(self.disabled) || !self.disabled || (has(self.reason) && size(self.reason.trim()) >"
            + " 0)",
    fieldPath = ".disabled",
    message =
        "an objective is switched off without a reason: write into reason why nobody needs it here")
@ValidationRule(
    value = "!has(self.threshold) || self.threshold.matches('" + Quantities.ANY + "')",
    fieldPath = ".threshold",
    message =
        "the threshold of an override is a number with a unit and no space between: write it as "
            + Quantities.EXAMPLES)
@ValidationRule(
    value = "!has(self.target) || self.target.matches('" + Quantities.ANY + "')",
    fieldPath = ".target",
    message =
        "the target of an override is a number with the unit of the objective's own target: write"
            + " it as "
            + Quantities.EXAMPLES)
@ValidationRule(
    value = "!has(self.lastEvents) || !has(self.minSamples) || self.lastEvents >= self.minSamples",
    fieldPath = ".lastEvents",
    message =
        "lastEvents of an override is below its minSamples, so there could never be a verdict:"
            + " raise lastEvents to minSamples or more")
@JsonIgnoreProperties(ignoreUnknown = true)
public record OverrideSpec(
    @JsonPropertyDescription("Name of the objective that is changed, such as response-time.")
        @Required
        String objective,
    @JsonPropertyDescription(
            "What one event or slice is measured at, in place of the objective's own threshold, such"
                + " as 5s.")
        @Nullable String threshold,
    @JsonPropertyDescription(
            "The bound, in place of the objective's own atLeast or atMost and with a unit of the"
                + " same kind, such as 90% or 200MB.")
        @Nullable String target,
    @JsonPropertyDescription("How far back is looked, in seconds: 10 to 604800 (seven days).")
        @Min(10)
        @Max(604800)
        @Nullable Integer windowSeconds,
    @JsonPropertyDescription("How many of the latest events count at most.") @Min(1) @Max(10000)
        @Nullable Integer lastEvents,
    @JsonPropertyDescription("How many samples a verdict needs.") @Min(1) @Max(1000000)
        @Nullable Integer minSamples,
    @JsonPropertyDescription(
            "Required: the gate is not satisfied while the objective is violated. Advisory: it is"
                + " shown and decides nothing.")
        @SchemaFrom(type = ObjectiveSpec.Severity.class)
        @Nullable String severity,
    @JsonPropertyDescription("true: the gate leaves the objective out. Needs a reason.")
        @Nullable Boolean disabled,
    @JsonPropertyDescription("Why the objective is changed here, for those who read the gate.")
        @Nullable String reason) {}

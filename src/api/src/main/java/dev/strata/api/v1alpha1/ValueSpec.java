package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A gauge, as the mean over the window of the worst owner. Exactly one is not null. MB is 10^6
 * bytes, MiB is 2^20.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.atLeast) != has(self.atMost)",
    message = "a value has exactly one side: write either atLeast or atMost, such as atMost: 100MB")
@ValidationRule(
    value = "!has(self.atLeast) || self.atLeast.matches('" + Quantities.ANY + "')",
    fieldPath = ".atLeast",
    message =
        "value.atLeast is a number with a unit and no space between: write it as "
            + Quantities.EXAMPLES)
@ValidationRule(
    value = "!has(self.atMost) || self.atMost.matches('" + Quantities.ANY + "')",
    fieldPath = ".atMost",
    message =
        "value.atMost is a number with a unit and no space between: write it as "
            + Quantities.EXAMPLES)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ValueSpec(
    @JsonPropertyDescription("The value must not be lower: a number with a unit, such as 85%.")
        @Nullable String atLeast,
    @JsonPropertyDescription(
            "The value must not be higher: a number with a unit, such as 100MB (100 million bytes)"
                + " or 80C.")
        @Nullable String atMost) {}

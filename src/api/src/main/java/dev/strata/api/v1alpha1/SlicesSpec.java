package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Equal slices of the window, of which so many may be bad: what is sustained, not what peaks.
 *
 * @param atLeast lower bound of a good slice; beside {@code atMost} what lies under it is waste,
 *     not a violation; at least one of the two bounds is not null
 * @param atMost upper bound of a good slice, in the same unit
 * @param bad bad slices from which on the objective is violated, 1 to {@code of}
 * @param of slices that are looked at, 1 to 1440
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.atLeast) || has(self.atMost)",
    message =
        "slices need a bound: write atLeast, atMost, or both for a range, such as 60% and 80%")
@ValidationRule(
    value = "!has(self.atLeast) || self.atLeast.matches('" + Quantities.ANY + "')",
    fieldPath = ".atLeast",
    message =
        "slices.atLeast is a number with a unit and no space between: write it as "
            + Quantities.EXAMPLES)
@ValidationRule(
    value = "!has(self.atMost) || self.atMost.matches('" + Quantities.ANY + "')",
    fieldPath = ".atMost",
    message =
        "slices.atMost is a number with a unit and no space between: write it as "
            + Quantities.EXAMPLES)
@ValidationRule(
    value =
        "!has(self.atLeast) || !has(self.atMost) || self.atLeast.find('[^0-9.]+$') =="
            + " self.atMost.find('[^0-9.]+$')",
    fieldPath = ".atLeast",
    message =
        "slices.atLeast and atMost have different units: write both in one, such as 60% and"
            + " 80%")
@ValidationRule(
    value =
        "!has(self.atLeast) || !has(self.atMost) || !self.atLeast.matches('^[0-9.]+[^0-9.]+$') ||"
            + " !self.atMost.matches('^[0-9.]+[^0-9.]+$') ||"
            + " double(self.atLeast.find('^[0-9.]+')) < double(self.atMost.find('^[0-9.]+'))",
    fieldPath = ".atLeast",
    message =
        "slices.atLeast is not below atMost, so no slice could be good: write the lower bound of"
            + " the range into atLeast and the upper one into atMost")
@ValidationRule(
    value = "self.bad <= self.of",
    fieldPath = ".bad",
    message =
        "slices.bad is larger than of, so the objective could never be violated: write at most as"
            + " many, such as bad: 12 and of: 15")
@JsonIgnoreProperties(ignoreUnknown = true)
public record SlicesSpec(
    @JsonPropertyDescription(
            "A slice under this is bad: a number with a unit, such as 60%. Beside atMost it is the"
                + " lower end of a range: what lies under it is noted as waste and is no violation.")
        @Nullable String atLeast,
    @JsonPropertyDescription("A slice over this is bad: a number with a unit, such as 80%.")
        @Nullable String atMost,
    @JsonPropertyDescription("From how many bad slices on the objective is violated.")
        @Required
        @Min(1)
        @Max(1440)
        int bad,
    @JsonPropertyDescription(
            "How many of the latest slices are looked at. Each is windowSeconds / of long, and not"
                + " under ten seconds.")
        @Required
        @Min(1)
        @Max(1440)
        int of) {}

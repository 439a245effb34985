package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * How fast the bad events of a share may use up what it allows of them, before somebody is told.
 * The factor is a bare number, as it has no unit.
 *
 * @param factor how many times as many bad events as the share allows, above 1
 * @param longSeconds window that shows that it matters, 60 s to one hour
 * @param shortSeconds window that shows that it goes on, 20 s to below {@code longSeconds}
 */
@ValidationRule(
    value = "self.factor > 1.0",
    fieldPath = ".factor",
    message =
        "burn.factor is not above 1, so a pool that just keeps its share would burn: write how many"
            + " times as many bad events as the share allows are too many, such as 14.4")
@ValidationRule(
    value = "self.shortSeconds < self.longSeconds",
    fieldPath = ".shortSeconds",
    message =
        "burn.shortSeconds is not below longSeconds: write a twelfth of it or so, such as"
            + " longSeconds: 3600 and shortSeconds: 300")
@JsonIgnoreProperties(ignoreUnknown = true)
public record BurnSpec(
    @JsonPropertyDescription(
            "How many times as many bad events as the share allows: with share.atLeast 95% and the"
                + " factor 14.4, 72 of 100 events. Above 1, and below 1 / (1 - share).")
        @Required
        double factor,
    @JsonPropertyDescription(
            "The long window in seconds, 60 to 3600: it shows that the burn matters.")
        @Required
        @Min(60)
        @Max(3600)
        int longSeconds,
    @JsonPropertyDescription(
            "The short window in seconds, at least 20 and below longSeconds: it shows that the burn"
                + " goes on.")
        @Required
        @Min(20)
        @Max(3599)
        int shortSeconds) {}

package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * Something that a gate did.
 *
 * @param time when, RFC 3339 in UTC
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ActionStatus(
    @JsonPropertyDescription("When it was done.") @Nullable String time,
    @JsonPropertyDescription("What was done, such as HoldScaleDown.") @Nullable String action,
    @JsonPropertyDescription("The objective it was done for.") @Nullable String objective,
    @JsonPropertyDescription("What the decision stood on.") @Nullable String evidence,
    @JsonPropertyDescription(
            "What became of it: Holding or Released; Evicted, DisruptionBudget or NoPermission.")
        @Nullable String outcome) {}

package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** How fast agents came up. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SpawnStatus(
    @JsonPropertyDescription("Share of spawns that a spare served, in percent.")
        @Nullable Integer hitPercent,
    @JsonPropertyDescription("How many spawns these figures stand on.") @Nullable Long count,
    @JsonPropertyDescription("Times of spawns that a spare served.") @Nullable PhaseFigures warm,
    @JsonPropertyDescription("Times of spawns that waited for a new pod.")
        @Nullable PhaseFigures cold) {}

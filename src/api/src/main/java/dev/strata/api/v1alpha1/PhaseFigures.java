package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Quantiles of times, in milliseconds. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PhaseFigures(
    @JsonPropertyDescription("Half of them took no longer, in milliseconds.")
        @Nullable Long p50Millis,
    @JsonPropertyDescription("95 of 100 took no longer, in milliseconds.") @Nullable Long p95Millis,
    @JsonPropertyDescription("99 of 100 took no longer, in milliseconds.") @Nullable Long p99Millis,
    @JsonPropertyDescription("How many were measured.") @Nullable Long count) {}

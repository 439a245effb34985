package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** How lost agents were replaced. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RecoveryStatus(
    @JsonPropertyDescription("Replacements that were begun.") @Nullable Long attempted,
    @JsonPropertyDescription("Replacements whose agent sent its first active heartbeat.")
        @Nullable Long succeeded,
    @JsonPropertyDescription(
            "95 of 100 replacements took no longer from the loss being noticed to the first active"
                + " heartbeat, in milliseconds.")
        @Nullable Long p95Millis) {}

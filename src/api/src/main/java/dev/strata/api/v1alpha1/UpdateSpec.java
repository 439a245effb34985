package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * How a change of the template reaches running agents.
 *
 * @param maxUnavailable agents that may be missing at a time, 1 to 1000
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record UpdateSpec(
    @JsonPropertyDescription(
            "How many active agents may be missing at a time while a change rolls out.")
        @Default("1")
        @Min(1)
        @Max(1000)
        int maxUnavailable) {}

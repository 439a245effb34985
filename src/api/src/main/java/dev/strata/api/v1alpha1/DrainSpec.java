package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * How an agent stops.
 *
 * @param timeoutSeconds how long it may finish what it has, 1 to 3600
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DrainSpec(
    @JsonPropertyDescription(
            "How long an agent that is to stop may go on with the tasks it has, in seconds. What is"
                + " unfinished then is handed back and done by another agent.")
        @Default("30")
        @Min(1)
        @Max(3600)
        int timeoutSeconds) {}

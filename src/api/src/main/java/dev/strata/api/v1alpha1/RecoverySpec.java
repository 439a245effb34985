package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * When an agent counts as lost, and how starts that keep failing are slowed down.
 *
 * @param silenceSeconds an agent without a heartbeat for so long is replaced, 2 to 300
 * @param maxAttempts starts of one revision that may fail in a row before the breaker opens
 * @param backoffSeconds delay after the first failed start, doubled for each further one
 * @param maxBackoffSeconds upper bound of the delay
 */
@ValidationRule(
    value =
        // The API server also tries the rule on the empty default of this section.
        "!has(self.backoffSeconds) || !has(self.maxBackoffSeconds) ||"
            + " self.backoffSeconds <= self.maxBackoffSeconds",
    fieldPath = ".backoffSeconds",
    message =
        "spec.recovery.backoffSeconds is larger than maxBackoffSeconds: lower it or raise"
            + " maxBackoffSeconds")
@JsonIgnoreProperties(ignoreUnknown = true)
public record RecoverySpec(
    @JsonPropertyDescription(
            "An agent that sends no heartbeat for so many seconds is replaced under the same"
                + " identity. Agents send one every second.")
        @Default("3")
        @Min(2)
        @Max(300)
        int silenceSeconds,
    @JsonPropertyDescription(
            "How many starts of one revision of the template may fail in a row before the pool"
                + " tries one only every maxBackoffSeconds and says so in its conditions. A change"
                + " of the template starts the count anew.")
        @Default("5")
        @Min(1)
        @Max(100)
        int maxAttempts,
    @JsonPropertyDescription(
            "Delay after the first failed start in seconds, doubled for each further one.")
        @Default("1")
        @Min(0)
        @Max(600)
        int backoffSeconds,
    @JsonPropertyDescription("Upper bound of the delay between failed starts in seconds.")
        @Default("60")
        @Min(1)
        @Max(3600)
        int maxBackoffSeconds) {}

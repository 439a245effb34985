package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Attempts of a task that fails. A task that was on an agent that died is delivered again without
 * counting as an attempt.
 *
 * @param maxAttempts 1 to 20
 * @param backoffMillis delay before the second attempt, doubled for each further one
 * @param maxBackoffMillis upper bound of the delay
 */
@ValidationRule(
    value =
        // The API server also tries the rule on the empty default of this section.
        "!has(self.backoffMillis) || !has(self.maxBackoffMillis) ||"
            + " self.backoffMillis <= self.maxBackoffMillis",
    fieldPath = ".backoffMillis",
    message =
        "spec.agent.retry.backoffMillis is larger than maxBackoffMillis: lower it or raise"
            + " maxBackoffMillis")
@JsonIgnoreProperties(ignoreUnknown = true)
public record RetrySpec(
    @JsonPropertyDescription(
            "How often the handler is tried before the task is given up and put among the dead"
                + " letters. 1: no retry.")
        @Default("3")
        @Min(1)
        @Max(20)
        int maxAttempts,
    @JsonPropertyDescription(
            "Delay before the second attempt in milliseconds, doubled for each further one.")
        @Default("500")
        @Min(0)
        @Max(600000)
        int backoffMillis,
    @JsonPropertyDescription("Upper bound of the delay between attempts in milliseconds.")
        @Default("30000")
        @Min(0)
        @Max(3600000)
        int maxBackoffMillis) {}

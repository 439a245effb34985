package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * What an agent does with a task.
 *
 * @param handler what executes a task
 * @param concurrency tasks at a time in one agent, 1 to 64
 * @param timeoutSeconds limit of one attempt, 1 to 86400
 * @param retry attempts of a task that fails
 * @param validation what makes an output correct; null: outputs are not judged
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AgentSpec(
    @JsonPropertyDescription(
            "What executes a task: exactly one of java, exec, http and openai. Its kind cannot be"
                + " changed later, its settings can.")
        @Required
        HandlerSpec handler,
    @JsonPropertyDescription("How many tasks one agent works on at a time.")
        @Default("1")
        @Min(1)
        @Max(64)
        int concurrency,
    @JsonPropertyDescription(
            "How long one attempt of a task may take, in seconds. Then the handler is ended, with"
                + " all processes it started, and the attempt counts as failed.")
        @Default("60")
        @Min(1)
        @Max(86400)
        int timeoutSeconds,
    @JsonPropertyDescription("What happens when an attempt fails.") @Default("{}") RetrySpec retry,
    @JsonPropertyDescription(
            "What makes the output of a task correct. The signal accuracy is the share of correct"
                + " ones; without this section it is not measured.")
        @Nullable ValidationSpec validation) {}

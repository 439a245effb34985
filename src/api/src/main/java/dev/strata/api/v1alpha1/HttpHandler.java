package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * An HTTP endpoint.
 *
 * @param url where tasks are posted to
 */
@ValidationRule(
    value = "isURL(self.url) && self.url.matches('^https?://[^/ ]')",
    fieldPath = ".url",
    message =
        "the url of an http handler is a whole http or https address: write it as"
            + " http://localhost:9000/task")
@JsonIgnoreProperties(ignoreUnknown = true)
public record HttpHandler(
    @JsonPropertyDescription(
            "Where a task is posted to, such as http://localhost:9000/task for a sidecar or"
                + " http://NAME.NAMESPACE.svc/task for a Service.")
        @Required
        String url) {}

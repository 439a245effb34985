package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Another pool that judges outputs.
 *
 * @param pool name of an AgentPool in the same namespace
 */
@ValidationRule(
    value = "self.pool.matches('^[a-z]([a-z0-9-]*[a-z0-9])?$')",
    fieldPath = ".pool",
    message =
        "verifier.pool is the name of another AgentPool in the same namespace: write its"
            + " metadata.name, such as \"checkers\"")
@JsonIgnoreProperties(ignoreUnknown = true)
public record VerifierSpec(
    @JsonPropertyDescription(
            "Name of the AgentPool that judges, in the same namespace: another one, whose own"
                + " outputs are not judged by a verifier.")
        @Required
        String pool) {}

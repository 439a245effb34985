package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A pool in the same namespace.
 *
 * @param name of an AgentPool
 */
@ValidationRule(
    value = "self.name.matches('^[a-z]([a-z0-9-]*[a-z0-9])?$')",
    fieldPath = ".name",
    message =
        "poolRef.name is the name of an AgentPool in the same namespace: write its metadata.name,"
            + " such as \"research-team\"")
@JsonIgnoreProperties(ignoreUnknown = true)
public record PoolRef(
    @JsonPropertyDescription("Name of the AgentPool, in the namespace of the gate.") @Required
        String name) {}

package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A class that Java's ServiceLoader finds in the agent's image.
 *
 * @param name what the class answers to {@code TaskHandler.name()}
 */
@ValidationRule(
    value = "self.name.matches('^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$')",
    fieldPath = ".name",
    message =
        "the name of a java handler has letters, digits, '.', '_' and '-' only, such as"
            + " \"echo\": write what the class answers to TaskHandler.name()")
@JsonIgnoreProperties(ignoreUnknown = true)
public record JavaHandler(
    @JsonPropertyDescription(
            "The name that the handler class gives itself in TaskHandler.name(), such as \"echo\".")
        @Required
        String name) {}

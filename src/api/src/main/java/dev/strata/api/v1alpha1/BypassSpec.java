package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * An emergency exit: the gate goes on judging and does nothing.
 *
 * @param until RFC 3339 in UTC, at most 24 h ahead
 * @param reason why
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.until.matches('^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$')",
    fieldPath = ".until",
    message = "until is a moment in UTC: write it as 2026-01-31T12:00:00Z")
@ValidationRule(
    value = "size(self.reason.trim()) > 0",
    fieldPath = ".reason",
    message = "a bypass says why: write it into reason")
@JsonIgnoreProperties(ignoreUnknown = true)
public record BypassSpec(
    @JsonPropertyDescription(
            "When the bypass ends, in UTC, such as 2026-01-31T12:00:00Z; at most 24 hours ahead.")
        @Required
        String until,
    @JsonPropertyDescription("Why nothing may follow from the verdicts meanwhile.") @Required
        String reason) {}

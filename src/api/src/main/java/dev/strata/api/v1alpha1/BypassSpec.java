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
    // Not as format date-time: a month's end is told by the same sentence as any other mistake.
    value =
        "self.until.matches('^[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-9]))T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$')"
            + " && (!self.until.contains('-02-29T') || int(self.until.substring(0, 4)) % 4 == 0)",
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

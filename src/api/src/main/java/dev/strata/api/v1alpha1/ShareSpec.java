package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Good events among all events.
 *
 * @param atLeast the share that must be good, 50% to below 100%
 */
@ValidationRule(
    value = "self.atLeast.matches('" + Quantities.PERCENT + "')",
    fieldPath = ".atLeast",
    message =
        "share.atLeast is a percentage of events: write it as 95%, and what one event is measured"
            + " at, such as 500ms, into threshold")
@ValidationRule(
    value =
        "!self.atLeast.matches('"
            + Quantities.PERCENT
            + "') || double(self.atLeast.replace('%', '')) < 100.0",
    fieldPath = ".atLeast",
    message = ShareSpec.UNPROVABLE)
@ValidationRule(
    value =
        "!self.atLeast.matches('"
            + Quantities.PERCENT
            + "') || double(self.atLeast.replace('%', '')) >= 50.0",
    fieldPath = ".atLeast",
    message = ShareSpec.OF_THE_BAD)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ShareSpec(
    @JsonPropertyDescription(
            "How many of 100 events must be good, as a percentage from 50% to below 100%, such as"
                + " 95% or 99.5%.")
        @Required
        String atLeast) {

  /** Said of a share of everything. */
  public static final String UNPROVABLE =
      "a share of 100 % can be refuted by one event and proven by none, however many are good:"
          + " write a share below it, such as 99.9%";

  /** Said of less than half. */
  public static final String OF_THE_BAD =
      "share.atLeast is under 50 %: write the share of the good events, not of the bad ones, such"
          + " as 95%";
}

package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** One sum over another, such as seconds of waiting over busy seconds. Exactly one is not null. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.atLeast) != has(self.atMost)",
    message = "a ratio has exactly one side: write either atLeast or atMost, such as atMost: 5%")
@ValidationRule(
    value = "!has(self.atLeast) || self.atLeast.matches('" + Quantities.PERCENT + "')",
    fieldPath = ".atLeast",
    message = "ratio.atLeast is a percentage: write it as 90%")
@ValidationRule(
    value = "!has(self.atMost) || self.atMost.matches('" + Quantities.PERCENT + "')",
    fieldPath = ".atMost",
    message = "ratio.atMost is a percentage: write it as 5%")
@ValidationRule(
    value =
        "!has(self.atLeast) || !self.atLeast.matches('"
            + Quantities.PERCENT
            + "') || double(self.atLeast.replace('%', '')) < 100.0",
    fieldPath = ".atLeast",
    message = RatioSpec.UNPROVABLE)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RatioSpec(
    @JsonPropertyDescription("The ratio must not be lower, as a percentage such as 90%.")
        @Nullable String atLeast,
    @JsonPropertyDescription("The ratio must not be higher, as a percentage such as 5%.")
        @Nullable String atMost) {

  /** Said of a ratio of everything. */
  public static final String UNPROVABLE =
      "a ratio of at least 100 % can never be proven: write one below it, such as 99%, or an"
          + " atMost";
}

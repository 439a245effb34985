package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What makes the output of a task correct. Exactly one of the first three is given.
 *
 * @param pattern regular expression of java.util.regex
 * @param jsonSchema JSON Schema as text
 * @param reference true or null
 * @param onFailure what follows from an incorrect output
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "[has(self.pattern), has(self.jsonSchema), has(self.reference) &&"
            + " self.reference].exists_one(v, v)",
    message =
        "outputs are judged by exactly one validator: write one of pattern, jsonSchema or"
            + " reference: true under spec.agent.validation")
@ValidationRule(
    value = "!has(self.pattern) || size(self.pattern) > 0",
    fieldPath = ".pattern",
    message =
        "an empty pattern is matched by empty outputs only: write the regular expression that whole"
            + " outputs match, such as [A-Z]+")
@JsonIgnoreProperties(ignoreUnknown = true)
public record ValidationSpec(
    @JsonPropertyDescription(
            "A regular expression (java.util.regex) that the whole output must match. Write (?s) in"
                + " front where a dot is to match line breaks. A match that takes more than 200"
                + " milliseconds counts as incorrect.")
        @Nullable String pattern,
    @JsonPropertyDescription(
            "A JSON Schema as text that the output must satisfy; an output that is no JSON does not."
                + " Draft 2020-12 unless $schema names another one from draft 4 on. A $ref reaches"
                + " only what the schema itself has: nothing is fetched.")
        @Nullable String jsonSchema,
    @JsonPropertyDescription(
            "true: the output must equal the reference answer given with the task, in its field"
                + " reference. JSON is compared by value, other text exactly but for white space"
                + " around it. A task without a reference is not judged; where more than 20% are"
                + " not, the accuracy is LowCoverage.")
        @Nullable Boolean reference,
    @JsonPropertyDescription(
            "Count: an incorrect output is the task's result all the same, and only counted. Fail:"
                + " the attempt fails with ValidationFailed and is tried again like any other.")
        @Default("Count")
        OnFailure onFailure) {

  /** What follows from an incorrect output. */
  public enum OnFailure {
    /** It is stored and counted. */
    @JsonProperty("Count")
    COUNT,
    /** The attempt fails. */
    @JsonProperty("Fail")
    FAIL
  }
}

package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What makes the output of a task correct. Exactly one of the first five is given.
 *
 * @param pattern regular expression of java.util.regex
 * @param jsonSchema JSON Schema as text
 * @param reference true or null
 * @param majority of how many agents more than half have to agree: 3, 5, 7 or 9
 * @param verifier another pool that judges
 * @param onFailure what follows from an incorrect output
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "[has(self.pattern), has(self.jsonSchema), has(self.reference) && self.reference,"
            + " has(self.majority), has(self.verifier)].exists_one(v, v)",
    message =
        "outputs are judged by exactly one validator: write one of pattern, jsonSchema, reference:"
            + " true, majority: 3 or verifier: {pool: checkers} under spec.agent.validation")
@ValidationRule(
    value = "!has(self.pattern) || size(self.pattern) > 0",
    fieldPath = ".pattern",
    message =
        "an empty pattern is matched by empty outputs only: write the regular expression that whole"
            + " outputs match, such as [A-Z]+")
@ValidationRule(
    value = "!has(self.majority) || self.majority in [3, 5, 7, 9]",
    fieldPath = ".majority",
    message =
        "a majority is one of an odd number of agents, each of which executes the task: write 3, 5,"
            + " 7 or 9")
@JsonIgnoreProperties(ignoreUnknown = true)
public record ValidationSpec(
    @JsonPropertyDescription(
            "A regular expression (java.util.regex) that the whole output must match. Write (?s) in"
                + " front where a dot is to match line breaks. A match that takes more than 200"
                + " milliseconds counts as incorrect.")
        @Nullable String pattern,
    @JsonPropertyDescription(
            "A JSON Schema as text that the output must satisfy; an output that is no JSON does"
                + " not. Draft 2020-12 unless $schema names another one from draft 4 on. A $ref"
                + " reaches only what the schema itself has: nothing is fetched.")
        @Nullable String jsonSchema,
    @JsonPropertyDescription(
            "true: the output must equal the reference answer given with the task, in its field"
                + " reference. JSON is compared by value, other text exactly but for white space"
                + " around it. A task without a reference is not judged; where more than 20% are"
                + " not, the accuracy is LowCoverage.")
        @Nullable Boolean reference,
    @JsonPropertyDescription(
            "3, 5, 7 or 9: each task is executed by so many agents of the pool, the one that took"
                + " it and others that it asks, and its output is correct when more than half of"
                + " them give an equal one; compared as reference does. The handler runs so many"
                + " times a task, so whatever it does beside its output has to bear that. An agent"
                + " that is busy with as many such requests as it has slots, fails, or does not"
                + " answer within the task's timeout has no vote; a task with too few votes to"
                + " decide is not judged, and where that is more than 20%, as in a pool of fewer"
                + " agents, the accuracy is LowCoverage.")
        @Nullable Integer majority,
    @JsonPropertyDescription(
            "Another AgentPool judges. For every task that was done it gets one task, whose input"
                + " is JSON: {\"input\": ..., \"output\": ..., \"reference\": ...}, each a string;"
                + " reference only where the task has one. Its output is true or false, or a JSON"
                + " object with the boolean field correct. Any other output, a failed task, a full"
                + " queue, or no answer within the judged pool's task timeout leave the task"
                + " without a judgement; where that is more than 20%, the accuracy is LowCoverage."
                + " Make the verifier pool first: pods that are made while there is none do not ask"
                + " it.")
        @Nullable VerifierSpec verifier,
    @JsonPropertyDescription(
            "Count: an incorrect output is the task's result all the same, and only counted; a"
                + " majority or verifier is asked after the result was stored. Fail: the attempt"
                + " fails with ValidationFailed and is tried again like any other; it waits for the"
                + " majority or verifier at most as long as a task may take.")
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

package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A taint that the pods tolerate.
 *
 * @param key taint key; null with Exists tolerates every taint
 * @param operator how key and value are compared
 * @param value taint value
 * @param effect taint effect; null tolerates every effect
 * @param tolerationSeconds how long a NoExecute taint is tolerated; null: for ever
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.key) || self.operator == 'Exists'",
    message =
        "a toleration without a key tolerates every taint and needs operator: Exists: add the"
            + " operator or a key")
@ValidationRule(
    value = "self.operator != 'Exists' || !has(self.value) || self.value == ''",
    message = "a toleration with operator Exists has no value: remove the value or write Equal")
@ValidationRule(
    value = "!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')",
    message = "tolerationSeconds goes with effect: NoExecute only: add the effect or remove it")
@JsonIgnoreProperties(ignoreUnknown = true)
public record TolerationSpec(
    @JsonPropertyDescription(
            "Key of the taint. Left out, with operator Exists: every taint is tolerated.")
        @Nullable String key,
    @JsonPropertyDescription(
            "Equal: key and value of the taint are these. Exists: the key is enough.")
        @Default("Equal")
        Operator operator,
    @JsonPropertyDescription("Value of the taint, with operator Equal.") @Nullable String value,
    @JsonPropertyDescription("Effect of the taint. Left out: all effects.") @Nullable Effect effect,
    @JsonPropertyDescription(
            "How long a pod stays on a node after a NoExecute taint came, in seconds. Left out: for"
                + " ever.")
        @Nullable Long tolerationSeconds) {

  /** How a taint is compared. */
  public enum Operator {
    /** Key and value are equal. */
    @JsonProperty("Equal")
    EQUAL,
    /** The key exists. */
    @JsonProperty("Exists")
    EXISTS
  }

  /** What a taint does. */
  public enum Effect {
    /** New pods do not come. */
    @JsonProperty("NoSchedule")
    NO_SCHEDULE,
    /** New pods come only where nothing else is free. */
    @JsonProperty("PreferNoSchedule")
    PREFER_NO_SCHEDULE,
    /** Running pods go. */
    @JsonProperty("NoExecute")
    NO_EXECUTE
  }
}

package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that holds, does not hold, or is not known, by the conventions of Kubernetes.
 *
 * @param type what the condition is about, such as Ready
 * @param status True, False or Unknown
 * @param reason one word for machines, such as AgentsReady
 * @param message a sentence for people
 * @param lastTransitionTime when the status last changed, RFC 3339 in UTC
 * @param observedGeneration generation of the spec it speaks of
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Condition(
    @JsonPropertyDescription("What the condition is about, such as Ready.") @Required String type,
    @JsonPropertyDescription("True, False or Unknown.") @Required String status,
    @JsonPropertyDescription("The cause in one word, for machines.") @Required String reason,
    @JsonPropertyDescription("The cause in a sentence, and what to do about it.") @Required
        String message,
    @JsonPropertyDescription("When the status last changed.") @Required String lastTransitionTime,
    @JsonPropertyDescription("The generation of the spec that the condition speaks of.")
        @Nullable Long observedGeneration) {

  /**
   * When a status began that a condition has now: the time of the same type and status before, or
   * now.
   *
   * @param before the conditions that were written last
   */
  public static String since(List<Condition> before, String type, String status, String now) {
    return before.stream()
        .filter(c -> c.type().equals(type) && c.status().equals(status))
        .map(Condition::lastTransitionTime)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(now);
  }
}

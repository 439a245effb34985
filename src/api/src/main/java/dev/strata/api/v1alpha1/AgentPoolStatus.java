package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator saw and did last. Nothing is decided from it.
 *
 * @param conditions one of each type
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AgentPoolStatus(
    @JsonPropertyDescription("The generation of the spec that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Active agents: those that have an identity, ready or not.")
        @StatusReplicas
        @Nullable Integer replicas,
    @JsonPropertyDescription("Active agents that take work.") @Nullable Integer readyReplicas,
    @JsonPropertyDescription("Spares that are ready to become active.") @Nullable Integer warm,
    @JsonPropertyDescription("Agents whose pods are not ready yet.") @Nullable Integer starting,
    @JsonPropertyDescription("Agents that finish what they have and then stop.")
        @Nullable Integer draining,
    @JsonPropertyDescription("Pods that failed and are still there.") @Nullable Integer failed,
    @JsonPropertyDescription("Label selector of the active agents' pods, for autoscalers.")
        @LabelSelector
        @Nullable String selector,
    @JsonPropertyDescription("Name of the template revision that the pool moves to.")
        @Nullable String revision,
    @JsonPropertyDescription("Active agents that run that revision.")
        @Nullable Integer updatedReplicas,
    @JsonPropertyDescription("How fast agents came up, since the operator started.")
        @Nullable SpawnStatus spawn,
    @JsonPropertyDescription("How lost agents were replaced, since the operator started.")
        @Nullable RecoveryStatus recovery,
    @JsonPropertyDescription("The last thing the operator decided about the pool, and why.")
        @Nullable String decision,
    @JsonPropertyDescription("What holds for the pool at the moment, one entry a type.")
        List<Condition> conditions) {

  public AgentPoolStatus {
    conditions = Copies.of(conditions);
  }
}

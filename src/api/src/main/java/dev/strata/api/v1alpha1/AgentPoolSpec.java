package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;

/**
 * What the user wants.
 *
 * @param replicas active agents, 0 to 1000; the scale subresource writes it
 * @param warm spares
 * @param agent what an agent does
 * @param recovery when an agent counts as lost
 * @param drain how an agent stops
 * @param update how a change of the template rolls out
 * @param template what an agent's pod looks like
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AgentPoolSpec(
    @JsonPropertyDescription(
            "How many active agents the pool keeps. `kubectl scale` and a HorizontalPodAutoscaler"
                + " write this field.")
        @Default("1")
        @Min(0)
        @Max(1000)
        @SpecReplicas
        int replicas,
    @JsonPropertyDescription(
            "Spares: agents that run and wait without work, so that a scale-up or a replacement"
                + " takes milliseconds instead of the start of a pod. Left out: no spares.")
        @Default("{}")
        WarmSpec warm,
    @JsonPropertyDescription("What an agent of this pool does with a task.") @Required
        AgentSpec agent,
    @JsonPropertyDescription(
            "When an agent counts as lost, and how starts that keep failing are slowed down.")
        @Default("{}")
        RecoverySpec recovery,
    @JsonPropertyDescription(
            "How an agent stops when it is no longer wanted: it takes no new task and finishes or"
                + " hands back what it has.")
        @Default("{}")
        DrainSpec drain,
    @JsonPropertyDescription("How a change of the template reaches the running agents.")
        @Default("{}")
        UpdateSpec update,
    @JsonPropertyDescription(
            "What the pods of the agents look like. Everything is optional: without a template the"
                + " agents run the operator's own agent image.")
        @Default("{}")
        TemplateSpec template) {}

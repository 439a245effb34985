package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done while objectives are violated.
 *
 * @param action an {@link Action}
 * @param objectives names; empty: all Required ones
 * @param maxSeconds 60 s to 24 h
 * @param maxAffected how many violators at once are believed: a number of agents, or a share of
 *     them as 1% to 99%; only with Evict and Quarantine, and then never null, as what follows
 * @param cooldownSeconds 10 s to 24 h; null but with Evict and Quarantine
 * @param budgetPerHour 1 to 60; null but with Evict and Quarantine
 * @param spares 1 to 100; null but with GrowWarm
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self.action != 'HoldScaleUp' || (has(self.objectives) && size(self.objectives) > 0)",
    fieldPath = ".objectives",
    message =
        "HoldScaleUp has to name its objectives, because holding more agents back makes most"
            + " violations worse: write objectives that more agents would not heal")
@ValidationRule(
    value =
        "self.action != 'HoldScaleUp' || !has(self.objectives) || self.objectives.all(o, !(o in"
            + " ['response-time', 'delivery-success', 'delivery-local', 'delivery-remote', 'spawn',"
            + " 'cpu']))",
    fieldPath = ".objectives",
    message =
        "HoldScaleUp on response-time, delivery, spawn or cpu would keep away the agents that could"
            + " heal it: use HoldScaleDown, or other objectives")
@ValidationRule(
    value =
        "!(self.action in ['Evict', 'Quarantine']) || (has(self.objectives) &&"
            + " size(self.objectives) > 0)",
    fieldPath = ".objectives",
    message =
        "Evict and Quarantine have to name their objectives: write those that are measured agent by"
            + " agent, such as agent-memory")
@ValidationRule(
    value =
        "!(self.action in ['Evict', 'Quarantine']) || (has(self.maxAffected) &&"
            + " has(self.cooldownSeconds) && has(self.budgetPerHour))",
    message =
        "Evict and Quarantine take agents away, so they need limits: write maxAffected, such as"
            + " 30%, cooldownSeconds, such as 300, and budgetPerHour, such as 3")
@ValidationRule(
    value =
        "self.action in ['Evict', 'Quarantine'] || !(has(self.maxAffected) ||"
            + " has(self.cooldownSeconds) || has(self.budgetPerHour))",
    message =
        "maxAffected, cooldownSeconds and budgetPerHour limit what takes agents away: remove them,"
            + " or use action Evict or Quarantine")
@ValidationRule(
    value =
        "!has(self.maxAffected) || (type(self.maxAffected) == int ? int(self.maxAffected) >= 1 :"
            + " string(self.maxAffected).matches('^[1-9][0-9]?%$'))",
    fieldPath = ".maxAffected",
    message =
        "maxAffected is a number of agents of 1 or more, such as 2, or a share of them from 1% to"
            + " 99%, such as \"30%\"")
@ValidationRule(
    value = "self.action != 'Rollback' || (has(self.objectives) && size(self.objectives) > 0)",
    fieldPath = ".objectives",
    message =
        "Rollback has to name its objectives: write those that a template is to blame for, such as"
            + " response-time")
@ValidationRule(
    value = "(self.action == 'GrowWarm') == has(self.spares)",
    fieldPath = ".spares",
    message =
        "GrowWarm keeps more spares, and nothing else does: write how many more under spares, such"
            + " as 2, and only with action GrowWarm")
@JsonIgnoreProperties(ignoreUnknown = true)
public record EnforcementSpec(
    @JsonPropertyDescription(
            "What is done. HoldScaleDown: the pool gets no smaller than it is. HoldScaleUp: it gets"
                + " no larger; lost agents are replaced all the same. HoldRollout: agents of an old"
                + " template stay, until the objective is met or the template changes again. Evict:"
                + " agents that miss the objective by themselves are replaced, one at a time. "
                + " Quarantine: they are replaced too, but kept without work, to be looked at, for"
                + " maxSeconds. GrowWarm: the pool keeps more spares. Rollback: agents are made from the"
                + " last template with which all gates were satisfied, until the template changes"
                + " again; once a template.")
        @Required
        @SchemaFrom(type = Action.class)
        String action,
    @JsonPropertyDescription(
            "Names of the objectives whose violation does it. Left out: all Required ones.")
        List<String> objectives,
    @JsonPropertyDescription(
            "How long it lasts at most in seconds, counted from the violation on. After that it is"
                + " not done again before the objective was met.")
        @Default("3600")
        @Min(60)
        @Max(86400)
        int maxSeconds,
    @JsonPropertyDescription(
            "With Evict and Quarantine: how many agents may violate at once, counted over all gates of the pool, as"
                + " a number or a share that is rounded down. More of them look like one fault that"
                + " they share, and none is taken away.")
        @Nullable IntOrString maxAffected,
    @JsonPropertyDescription(
            "With Evict and Quarantine: seconds from one agent that is taken away to the next in the"
                + " pool, whichever gate asked for it.")
        @Min(10)
        @Max(86400)
        @Nullable Integer cooldownSeconds,
    @JsonPropertyDescription(
            "With Evict and Quarantine: agents of the pool that are taken away in any hour,"
                + " whichever gate asked for it.")
        @Min(1)
        @Max(60)
        @Nullable Integer budgetPerHour,
    @JsonPropertyDescription(
            "With GrowWarm: how many spares are kept beside those that spec.warm of the pool asks"
                + " for. Of several gates the one that wants the most counts.")
        @Min(1)
        @Max(100)
        @Nullable Integer spares) {

  public EnforcementSpec {
    objectives = Copies.of(objectives);
  }

  /** What is done. */
  public enum Action {
    /** No agent is taken away. */
    HoldScaleDown,
    /** No agent is added. */
    HoldScaleUp,
    /** No agent of an old template is replaced. */
    HoldRollout,
    /** Agents that miss the objective are replaced. */
    Evict,
    /** Agents that miss the objective are replaced and kept without work. */
    Quarantine,
    /** More spares are kept. */
    GrowWarm,
    /** The template before is in force again. */
    Rollback
  }
}

package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one objective stands. Numbers are texts with their unit, rounded for people.
 *
 * @param name of the objective
 * @param since when the verdict last changed, RFC 3339 in UTC
 * @param worst the worst owners first
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ObjectiveStatus(
    @JsonPropertyDescription("Name of the objective.") @Required String name,
    @JsonPropertyDescription("Layer of the objective.") @Nullable String layer,
    @JsonPropertyDescription("Required or Advisory, overrides applied.") @Nullable String severity,
    @JsonPropertyDescription("Met, Violated or Unknown.") @Nullable String verdict,
    @JsonPropertyDescription(
            "The cause in one word: of Unknown always, such as NotExposed or NoDemand; of the others"
                + " where there is one.")
        @Nullable String reason,
    @JsonPropertyDescription("What was measured, with its unit.") @Nullable String value,
    @JsonPropertyDescription("What it is measured against, with its unit, overrides applied.")
        @Nullable String target,
    @JsonPropertyDescription(
            "The value at its 99 % confidence bound: the verdict is Violated when even this is"
                + " beyond the target.")
        @Nullable String bound,
    @JsonPropertyDescription("How many samples the value stands on.") @Nullable Long samples,
    @JsonPropertyDescription(
            "Share of the expected reports that came in or, where that is less, of the ended tasks"
                + " that could be judged, in percent.")
        @Nullable String coverage,
    @JsonPropertyDescription("What was looked back on, such as 5m or the last 200 within 7d.")
        @Nullable String window,
    @JsonPropertyDescription("How it was estimated: share, ratio, value, slices or trend.")
        @Nullable String estimator,
    @JsonPropertyDescription("Who measured it.") @Nullable String source,
    @JsonPropertyDescription(
            "For orientation, and no part of the verdict. Of what has to happen in time: what half,"
                + " 95 % and 99 % of the events stayed within, of all agents together, and which"
                + " share of the events is known so finely. Of our overhead: that of the messaging"
                + " engine.")
        @Nullable String beside,
    @JsonPropertyDescription("When the verdict last changed.") @Nullable String since,
    @JsonPropertyDescription(
            "The worst agents or nodes with their own figures, the worst first: means such as"
                + " \"hello-x7k2f 120MB\", shares with their events such as \"hello-x7k2f 40% of"
                + " 120\".")
        List<String> worst) {

  public ObjectiveStatus {
    worst = Copies.of(worst);
  }

  /**
   * With less of what explains it.
   *
   * @param orientation whether what stands beside the value stays
   * @param origin whether estimator and source stay
   */
  ObjectiveStatus shown(boolean orientation, boolean origin, List<String> worst) {
    return new ObjectiveStatus(
        name,
        layer,
        severity,
        verdict,
        reason,
        value,
        target,
        bound,
        samples,
        coverage,
        window,
        origin ? estimator : null,
        origin ? source : null,
        orientation ? beside : null,
        since,
        worst);
  }

  /** What may never be left out. */
  ObjectiveStatus briefest() {
    return new ObjectiveStatus(
        name, null, null, verdict, reason, value, target, null, null, null, null, null, null, null,
        null, List.of());
  }
}

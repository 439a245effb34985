package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which targets are judged for which pool, and what follows.
 *
 * @param poolRef the pool
 * @param profiles names of profiles, at most 8, none twice; never null from the API server, which
 *     puts the four shipped ones where there are none
 * @param overrides changes of objectives of the profiles, one for each
 * @param objectives further objectives, one of each name
 * @param mode a {@link Mode}
 * @param onMissing an {@link OnMissing}
 * @param enforcement what follows from violations in mode Enforce
 * @param bypass an emergency exit; null: none
 * @param report how the status is written; null: as {@link ReportSpec#USUAL}
 * @param suspend whether nothing is judged
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "!has(self.profiles) || size(self.profiles) > 0 || (has(self.objectives) &&"
            + " size(self.objectives) > 0)",
    message =
        "a gate without profiles and without objectives judges nothing: remove the empty profiles"
            + " to get the four shipped ones, or write objectives")
@ValidationRule(
    value = "!has(self.profiles) || self.profiles.all(p, self.profiles.exists_one(q, q == p))",
    fieldPath = ".profiles",
    message = "a profile is named twice: remove one of the two")
@ValidationRule(
    value =
        "!has(self.profiles) || self.profiles.all(p,"
            + " p.matches('^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$'))",
    fieldPath = ".profiles",
    message =
        "profiles are names of QualityGateProfile objects: write them as `kubectl get qgp` shows"
            + " them, such as \"transport\"")
@ValidationRule(
    value = "self.mode != 'Enforce' || (has(self.enforcement) && size(self.enforcement) > 0)",
    fieldPath = ".mode",
    message =
        "mode Enforce without enforcement does nothing: write what is to follow under"
            + " spec.enforcement, or use mode Warn")
@JsonIgnoreProperties(ignoreUnknown = true)
public record QualityGateSpec(
    @JsonPropertyDescription("The pool whose agents are judged.") @Required PoolRef poolRef,
    @JsonPropertyDescription(
            "Names of the QualityGateProfile objects whose objectives are judged. Left out: the four"
                + " shipped ones. An empty list: only the objectives below.")
        // An empty list is not the same as none: both must survive being read and written.
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Default("[\"application\",\"coordination\",\"transport\",\"physical\"]")
        List<String> profiles,
    @JsonPropertyDescription(
            "What differs from the profiles here: other targets, other severity, or an objective"
                + " that is switched off.")
        List<OverrideSpec> overrides,
    @JsonPropertyDescription("Objectives beside those of the profiles, in the same form.")
        List<ObjectiveSpec> objectives,
    @JsonPropertyDescription(
            "What follows from a verdict. Observe: conditions and metrics. Warn: Events as well."
                + " Enforce: what enforcement says, too.")
        @Default("Observe")
        @SchemaFrom(type = Mode.class)
        String mode,
    @JsonPropertyDescription(
            "What a Required objective with nothing to judge means, such as no traffic or a signal"
                + " that nobody feeds. Ignore: it does not keep the gate from being satisfied. Hold:"
                + " it does.")
        @Default("Ignore")
        @SchemaFrom(type = OnMissing.class)
        String onMissing,
    @JsonPropertyDescription(
            "What is done while objectives are violated, in mode Enforce. In the other modes it is"
                + " only kept.")
        List<EnforcementSpec> enforcement,
    @JsonPropertyDescription(
            "An emergency exit: until it ends, the gate judges and nothing follows from it.")
        @Nullable BypassSpec bypass,
    @JsonPropertyDescription("How the status is written. Left out: figures every five minutes.")
        @Nullable ReportSpec report,
    @JsonPropertyDescription(
            "true: nothing is judged, and the gate says so. For maintenance, instead of deleting"
                + " it.")
        @Default("false")
        boolean suspend) {

  @SuppressWarnings("NullAway") // no profiles: only before the API server has filled them in
  public QualityGateSpec {
    profiles = profiles == null ? null : List.copyOf(profiles);
    overrides = Copies.of(overrides);
    objectives = Copies.of(objectives);
    enforcement = Copies.of(enforcement);
  }

  /** How the status is written, also where that is left out. */
  @JsonIgnore
  public ReportSpec reporting() {
    return report == null ? ReportSpec.USUAL : report;
  }

  /** What follows from a verdict. */
  public enum Mode {
    /** It is shown. */
    Observe,
    /** It is told. */
    Warn,
    /** It is told and acted upon. */
    Enforce
  }

  /** What a required objective without anything to judge means. */
  public enum OnMissing {
    /** Nothing. */
    Ignore,
    /** The gate is not satisfied. */
    Hold
  }
}

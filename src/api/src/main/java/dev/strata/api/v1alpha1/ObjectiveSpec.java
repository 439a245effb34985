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
import org.jspecify.annotations.Nullable;

/**
 * One performance target: what is measured, over which window, and when it is met. Exactly one
 * indicator (share, ratio, value, slices, trend) is not null.
 *
 * @param name unique among the objectives of a gate
 * @param title the whole rule in one sentence
 * @param definition what is measured, exactly
 * @param signal the measured signal that it is judged by
 * @param threshold what one event or slice of a share is measured at, such as 500ms
 * @param burn from how fast on the bad events of a share are told of; null: not at all
 * @param windowSeconds how far back is looked, 10 s to 7 d
 * @param lastEvents how many of the latest events count at most, 1 to 10000; null: all
 * @param minSamples samples that a verdict needs: events of a share, batches of a ratio, readings
 *     of a value, slices, points of a trend
 * @param severity a {@link Severity}
 * @param weight in the alignment of a pool, 1 to 100
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.name.matches('^[a-z][a-z0-9-]*$')",
    fieldPath = ".name",
    message =
        "the name of an objective has at most 40 small letters, digits and '-', with a letter"
            + " first: use a name such as \"response-time\"")
@ValidationRule(
    value = "self.signal.matches('^[a-z][a-z0-9-]*$')",
    fieldPath = ".signal",
    message =
        "a signal has at most 40 small letters, digits and '-', with a letter first: write the name"
            + " of a measured signal, such as \"response-time\"")
@ValidationRule(
    value = "size(self.title.trim()) > 0",
    fieldPath = ".title",
    message =
        "an objective needs a title: write its rule in one sentence, such as \"95% of operations"
            + " are answered correctly within 2s\"")
@ValidationRule(
    value =
        "[has(self.share), has(self.ratio), has(self.value), has(self.slices),"
            + " has(self.trend)].exists(i, i)",
    message =
        "an objective needs an indicator: write one of share, ratio, value, slices or trend, such"
            + " as share: {atLeast: 95%}")
@ValidationRule(
    value =
        "[has(self.share), has(self.ratio), has(self.value), has(self.slices),"
            + " has(self.trend)].filter(i, i).size() <= 1",
    message =
        "an objective has one indicator: keep one of share, ratio, value, slices or trend, and make"
            + " a second objective for the other")
@ValidationRule(
    value = "!has(self.threshold) || self.threshold.matches('" + Quantities.ANY + "')",
    fieldPath = ".threshold",
    message =
        "threshold is a number with a unit and no space between: write it as "
            + Quantities.EXAMPLES)
@ValidationRule(
    value = "!has(self.threshold) || has(self.share)",
    fieldPath = ".threshold",
    message =
        "a threshold belongs to a share, which counts events on one side of it: remove it and write"
            + " the bound into atLeast or atMost of the indicator")
@ValidationRule(
    value =
        "!has(self.share) || !self.share.atLeast.matches('"
            + Quantities.PERCENT
            + "') || [double(self.share.atLeast.replace('%', ''))].all(p, self.minSamples >= (p >="
            + " 99.5 ? 598 : p >= 99.0 ? 299 : p >= 95.0 ? 59 : p >= 90.0 ? 29 : p >= 80.0 ? 14 :"
            + " 7))",
    fieldPath = ".minSamples",
    message =
        "minSamples is too small: so few events could not prove the share with 95 % confidence even"
            + " if all were good. Write at least 7 for a share under 80%, 14 from 80%, 29 from 90%,"
            + " 59 from 95%, 299 from 99% and 598 from 99.5%")
@ValidationRule(
    value = "!has(self.lastEvents) || has(self.share)",
    fieldPath = ".lastEvents",
    message = ObjectiveSpec.LAST_EVENTS_UNCOUNTED)
@ValidationRule(
    value = "!has(self.lastEvents) || self.lastEvents >= self.minSamples",
    fieldPath = ".lastEvents",
    message = ObjectiveSpec.LAST_EVENTS_FEW)
@ValidationRule(
    value = "!has(self.burn) || has(self.share)",
    fieldPath = ".burn",
    message =
        "a burn tells how fast bad events use up what a share allows of them: remove it, or write"
            + " share as the indicator")
@ValidationRule(
    value = "!has(self.burn) || !has(self.lastEvents)",
    fieldPath = ".burn",
    message =
        "a burn is a number of bad events in a time, and lastEvents takes as much time as its"
            + " events need: remove one of the two")
// In ten thousandths of a percent, which are whole numbers: 99.9% leaves no exact rest.
@ValidationRule(
    value =
        "!has(self.burn) || !has(self.share) || !self.share.atLeast.matches('"
            + Quantities.PERCENT
            + "') || self.burn.factor * double(1000000 -"
            + " int(double(self.share.atLeast.replace('%', '')) * 10000.0 + 0.5)) < 1000000.0",
    fieldPath = ".burn.factor",
    message =
        "burn.factor is not below 1 / (1 - share), so there could never be a burn, even if all"
            + " events were bad: write less than 10 for a share of 90%, 20 for 95%, 100 for 99% and"
            + " 200 for 99.5%")
@ValidationRule(
    value = "!has(self.slices) || self.windowSeconds >= self.slices.of * 10",
    fieldPath = ".windowSeconds",
    message = ObjectiveSpec.SLICES_SHORT)
@ValidationRule(
    value = "!has(self.slices) || self.minSamples <= self.slices.of",
    fieldPath = ".minSamples",
    message = ObjectiveSpec.SLICES_FEW)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ObjectiveSpec(
    @JsonPropertyDescription(
            "Name of the objective, such as response-time. Overrides, status and metrics name it.")
        @Required
        String name,
    @JsonPropertyDescription(
            "The whole rule in one plain sentence, such as \"95% of operations are answered"
                + " correctly within 2s\".")
        @Required
        String title,
    @JsonPropertyDescription(
            "What is measured, exactly: which events count, when one is bad, and what is left out.")
        @Nullable String definition,
    @JsonPropertyDescription(
            "Name of the measured signal that the objective is judged by. A signal that nobody"
                + " feeds makes the objective Unknown with the reason NotExposed.")
        @Required
        String signal,
    @JsonPropertyDescription(
            "What one event or slice of a share is measured at: a time such as 500ms or 2s, a rate"
                + " such as 1000/s, a size such as 100MB. Left out where the signal knows good from"
                + " bad itself.")
        @Nullable String threshold,
    @JsonPropertyDescription(
            "Indicator: how many of 100 events are good. Violated when even the 99 % confidence"
                + " bound of the share lies under the target.")
        @Nullable ShareSpec share,
    @JsonPropertyDescription(
            "Of a share: tell when there are many times as many bad events as it allows, and more"
                + " keep coming. Shown in the condition BudgetHealthy; it decides nothing.")
        @Nullable BurnSpec burn,
    @JsonPropertyDescription(
            "Indicator: one sum over another, such as waiting seconds over busy seconds. Violated"
                + " when even its 99 % confidence bound lies beyond the target.")
        @Nullable RatioSpec ratio,
    @JsonPropertyDescription(
            "Indicator: the mean of a gauge over the window, of the worst owner, such as the memory"
                + " of the largest agent.")
        @Nullable ValueSpec value,
    @JsonPropertyDescription(
            "Indicator: equal slices of the window, of which so many may be bad. For what must not"
                + " be sustained while peaks are allowed.")
        @Nullable SlicesSpec slices,
    @JsonPropertyDescription(
            "Indicator: the value does not provably rise over the window. Write trend: {}.")
        @Nullable TrendSpec trend,
    @JsonPropertyDescription("How far back is looked, in seconds: 10 to 604800 (seven days).")
        @Required
        @Min(10)
        @Max(604800)
        int windowSeconds,
    @JsonPropertyDescription(
            "How many of the latest events within windowSeconds count at most. Left out: all.")
        @Min(1)
        @Max(10000)
        @Nullable Integer lastEvents,
    @JsonPropertyDescription(
            "How many samples a verdict needs: events of a share, batches of a ratio, readings of a"
                + " value, slices, points of a trend. With fewer the objective is Unknown with the"
                + " reason InsufficientSamples.")
        @Required
        @Min(1)
        @Max(1000000)
        int minSamples,
    @JsonPropertyDescription(
            "Required: the gate is not satisfied while the objective is violated. Advisory: it is"
                + " shown and counted in its layer, and decides nothing.")
        @Default("Advisory")
        @SchemaFrom(type = Severity.class)
        String severity,
    @JsonPropertyDescription("How much it counts beside the others in the alignment of a pool.")
        @Default("1")
        @Min(1)
        @Max(100)
        int weight) {

  /** Said of lastEvents beside anything but a share. */
  public static final String LAST_EVENTS_UNCOUNTED =
      "lastEvents counts the events of a share: remove it, windowSeconds bounds the others";

  /** Said of fewer events than a verdict needs. */
  public static final String LAST_EVENTS_FEW =
      "lastEvents is below minSamples, so there could never be a verdict: raise lastEvents to"
          + " minSamples or more";

  /** Said of a window that has not room for its slices. */
  public static final String SLICES_SHORT =
      "windowSeconds is too small for so many slices, of which each has at least ten seconds:"
          + " write at least ten times slices.of";

  /** Said of more samples than there are slices. */
  public static final String SLICES_FEW =
      "minSamples is larger than slices.of, so there could never be a verdict: write at most as"
          + " many as there are slices";

  /** Whether an objective decides about its gate. */
  public enum Severity {
    /** It decides. */
    Required,
    /** It is shown. */
    Advisory
  }
}

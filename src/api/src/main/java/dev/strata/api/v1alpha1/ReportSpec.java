package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * How a status is written.
 *
 * @param intervalSeconds of figures that move while no verdict does
 * @param worst how many of the worst owners a row names
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ReportSpec(
    @JsonPropertyDescription(
            "How often figures are written while no verdict changes, in seconds, 30 to 86400. A"
                + " changed verdict is written at once, whatever this says; the metrics have every"
                + " figure at full rate.")
        @Default("300")
        @Min(30)
        @Max(86400)
        int intervalSeconds,
    @JsonPropertyDescription(
            "How many of the worst agents a row names where its target is not met, 0 to 5.")
        @Default("3")
        @Min(0)
        @Max(5)
        int worst) {

  /** What holds where nothing is written. */
  public static final ReportSpec USUAL = new ReportSpec(300, 3);
}

package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * How many spares wait.
 *
 * @param target a number of spares, 0 to 1000
 * @param percent a share of the replicas, 0 to 100
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record WarmSpec(
    @JsonPropertyDescription(
            "Spares as a number. The pool keeps the larger one of target and percent.")
        @Default("0")
        @Min(0)
        @Max(1000)
        int target,
    @JsonPropertyDescription(
            "Spares as a share of spec.replicas in percent, rounded up. The pool keeps the larger"
                + " one of target and percent.")
        @Default("0")
        @Min(0)
        @Max(100)
        int percent) {

  /** Spares that a pool of so many replicas keeps: the larger one of number and share. */
  public int spares(int replicas) {
    return Math.max(target, Math.ceilDiv(percent * replicas, 100));
  }
}

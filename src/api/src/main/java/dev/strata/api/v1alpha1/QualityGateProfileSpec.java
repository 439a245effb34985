package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Objectives of one layer.
 *
 * @param layer a {@link Layer}
 * @param version of the content, such as 1.0
 * @param description what the profile is for
 * @param objectives 1 to 40, one of each name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "size(self.objectives) > 0",
    fieldPath = ".objectives",
    message = "a profile without objectives judges nothing: write at least one, at most 40")
@ValidationRule(
    value = "self.version.matches('^[0-9A-Za-z][0-9A-Za-z.+-]*$')",
    fieldPath = ".version",
    message =
        "the version of a profile has at most 20 letters, digits, '.', '+' and '-': write it as"
            + " \"1.0\"")
@JsonIgnoreProperties(ignoreUnknown = true)
public record QualityGateProfileSpec(
    @JsonPropertyDescription("The layer of the system that the objectives speak of.")
        @Required
        @SchemaFrom(type = Layer.class)
        String layer,
    @JsonPropertyDescription(
            "Version of the objectives, such as 1.0. Change it when you change one of them.")
        @Required
        String version,
    @JsonPropertyDescription("What the profile is for.") @Nullable String description,
    @JsonPropertyDescription("The performance targets, 1 to 40, one of each name.") @Required
        List<ObjectiveSpec> objectives) {

  public QualityGateProfileSpec {
    objectives = Copies.of(objectives);
  }

  /** Layers of the system, from the tasks down to the machines. */
  public enum Layer {
    /** What users of agents see. */
    Application,
    /** How agents are made, placed and led. */
    Coordination,
    /** How messages travel. */
    Transport,
    /** What nodes and processes do. */
    Physical
  }
}

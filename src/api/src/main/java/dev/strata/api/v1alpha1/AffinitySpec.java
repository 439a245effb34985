package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which nodes and which neighbours the pods get. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AffinitySpec(
    @JsonPropertyDescription("Rules about labels of nodes.") @Nullable NodeAffinity nodeAffinity,
    @JsonPropertyDescription("Rules that keep the pods away from other pods.")
        @Nullable PodAntiAffinity podAntiAffinity) {

  /** Rules about labels of nodes. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record NodeAffinity(
      @JsonPropertyDescription(
              "Terms of which at least one must hold for a node; without such a node the pod"
                  + " waits.")
          List<NodeTerm> required,
      @JsonPropertyDescription("Terms that make a node more attractive.")
          List<WeightedNodeTerm> preferred) {

    public NodeAffinity {
      required = Copies.of(required);
      preferred = Copies.of(preferred);
    }
  }

  /** Expressions that must all hold. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record NodeTerm(
      @JsonPropertyDescription("Expressions about labels of a node. All of them must hold.")
          @Required
          List<NodeExpression> matchExpressions) {

    public NodeTerm {
      matchExpressions = Copies.of(matchExpressions);
    }
  }

  /** Expressions that must all hold for the weight to count. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record WeightedNodeTerm(
      @JsonPropertyDescription("How much this term counts beside the others, 1 to 100.")
          @Required
          @Min(1)
          @Max(100)
          int weight,
      @JsonPropertyDescription("Expressions about labels of a node. All of them must hold.")
          @Required
          List<NodeExpression> matchExpressions) {

    public WeightedNodeTerm {
      matchExpressions = Copies.of(matchExpressions);
    }
  }

  /** One expression about one label of a node. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value =
          "self.operator in ['Exists', 'DoesNotExist'] ? (!has(self.values) || size(self.values) =="
              + " 0) : (has(self.values) && size(self.values) > 0)",
      message =
          "an expression with In, NotIn, Gt or Lt needs values, one with Exists or DoesNotExist has"
              + " none: add or remove the values")
  @ValidationRule(
      value =
          "!(self.operator in ['Gt', 'Lt']) || (has(self.values) && size(self.values) == 1 &&"
              + " self.values[0].matches('^-?[0-9]+$'))",
      message = "an expression with Gt or Lt has exactly one value, a whole number: correct values")
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record NodeExpression(
      @JsonPropertyDescription("The label, such as kubernetes.io/arch.") @Required String key,
      @JsonPropertyDescription("How the label is compared with the values.") @Required
          NodeOperator operator,
      @JsonPropertyDescription(
              "What the label is compared with: some for In and NotIn, one whole number for Gt and"
                  + " Lt, none for Exists and DoesNotExist.")
          List<String> values) {

    public NodeExpression {
      values = Copies.of(values);
    }
  }

  /** How a label of a node is compared. */
  public enum NodeOperator {
    /** The value is one of these. */
    @JsonProperty("In")
    IN,
    /** The value is none of these. */
    @JsonProperty("NotIn")
    NOT_IN,
    /** The label exists. */
    @JsonProperty("Exists")
    EXISTS,
    /** The label does not exist. */
    @JsonProperty("DoesNotExist")
    DOES_NOT_EXIST,
    /** The value is a larger number. */
    @JsonProperty("Gt")
    GT,
    /** The value is a smaller number. */
    @JsonProperty("Lt")
    LT
  }

  /** Rules that keep pods apart. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record PodAntiAffinity(
      @JsonPropertyDescription(
              "Pods that must not be in the same topology domain; without such a place the pod"
                  + " waits.")
          List<PodTerm> required,
      @JsonPropertyDescription("Pods that are better not in the same topology domain.")
          List<WeightedPodTerm> preferred) {

    public PodAntiAffinity {
      required = Copies.of(required);
      preferred = Copies.of(preferred);
    }
  }

  /** Pods of the same namespace with these labels, in one domain. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record PodTerm(
      @JsonPropertyDescription(
              "Label of nodes whose value names the domain, such as kubernetes.io/hostname or"
                  + " topology.kubernetes.io/zone.")
          @Required
          String topologyKey,
      @JsonPropertyDescription("Labels of the pods to keep away from.") @Required
          Map<String, String> matchLabels) {

    public PodTerm {
      matchLabels = Copies.of(matchLabels);
    }
  }

  /** The same with a weight. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record WeightedPodTerm(
      @JsonPropertyDescription("How much this term counts beside the others, 1 to 100.")
          @Required
          @Min(1)
          @Max(100)
          int weight,
      @JsonPropertyDescription(
              "Label of nodes whose value names the domain, such as kubernetes.io/hostname or"
                  + " topology.kubernetes.io/zone.")
          @Required
          String topologyKey,
      @JsonPropertyDescription("Labels of the pods to keep away from.") @Required
          Map<String, String> matchLabels) {

    public WeightedPodTerm {
      matchLabels = Copies.of(matchLabels);
    }
  }
}

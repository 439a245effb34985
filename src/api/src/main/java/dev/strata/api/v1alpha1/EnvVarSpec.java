package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * An environment variable.
 *
 * @param name its name
 * @param value its value; null with {@code valueFrom}, and empty when both are left out
 * @param valueFrom where its value comes from
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!self.name.startsWith('STRATA_')",
    fieldPath = ".name",
    message =
        "environment variables that start with STRATA_ belong to the operator: use another name")
@ValidationRule(
    value = "self.name.matches('^[-._a-zA-Z][-._a-zA-Z0-9]*$')",
    fieldPath = ".name",
    message =
        "the name of an environment variable has letters, digits, '_', '-' and '.' and does not"
            + " start with a digit: use another name")
@ValidationRule(
    value = "!(has(self.value) && has(self.valueFrom))",
    message = "an environment variable has a value or a valueFrom, not both: remove one")
@JsonIgnoreProperties(ignoreUnknown = true)
public record EnvVarSpec(
    @JsonPropertyDescription("Name of the variable.") @Required String name,
    @JsonPropertyDescription("Value of the variable.") @Nullable String value,
    @JsonPropertyDescription("Where the value comes from, in place of value.")
        @Nullable Source valueFrom) {

  /** Where a value comes from: exactly one is not null. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "[has(self.secretKeyRef), has(self.configMapKeyRef), has(self.fieldRef)].exists_one(s,"
              + " s)",
      message =
          "valueFrom has exactly one source: write one of secretKeyRef, configMapKeyRef or fieldRef")
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Source(
      @JsonPropertyDescription("A key of a Secret in the pool's namespace.")
          @Nullable KeyRef secretKeyRef,
      @JsonPropertyDescription("A key of a ConfigMap in the pool's namespace.")
          @Nullable KeyRef configMapKeyRef,
      @JsonPropertyDescription("A field of the pod itself.") @Nullable FieldRef fieldRef) {}

  /**
   * A key of a Secret or ConfigMap.
   *
   * @param name the object
   * @param key the key in it
   * @param optional true: the variable is left out when object or key do not exist
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record KeyRef(
      @JsonPropertyDescription("Name of the Secret or ConfigMap.") @Required String name,
      @JsonPropertyDescription("Key in it.") @Required String key,
      @JsonPropertyDescription(
              "true: the variable is left out when the object or the key does not exist. false: the"
                  + " agent does not start until it exists.")
          @Default("false")
          boolean optional) {}

  /**
   * A field of the pod.
   *
   * @param fieldPath such as metadata.name
   */
  @ValidationRule(
      value =
          "self.fieldPath in ['metadata.name', 'metadata.namespace', 'metadata.uid',"
              + " 'spec.nodeName', 'spec.serviceAccountName', 'status.hostIP', 'status.podIP'] ||"
              + " self.fieldPath.startsWith('metadata.labels[') ||"
              + " self.fieldPath.startsWith('metadata.annotations[')",
      fieldPath = ".fieldPath",
      message =
          "a fieldRef names metadata.name, metadata.namespace, metadata.uid, metadata.labels['KEY'],"
              + " metadata.annotations['KEY'], spec.nodeName, spec.serviceAccountName, status.hostIP"
              + " or status.podIP: write one of these")
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record FieldRef(
      @JsonPropertyDescription(
              "The field: metadata.name, metadata.namespace, metadata.uid, metadata.labels['KEY'],"
                  + " metadata.annotations['KEY'], spec.nodeName, spec.serviceAccountName,"
                  + " status.hostIP or status.podIP.")
          @Required
          String fieldPath) {}
}

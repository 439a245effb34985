package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sidecar: a further container in each pod. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self.name != 'agent'",
    fieldPath = ".name",
    message = "a sidecar cannot be named \"agent\", that is the agent's own container: rename it")
@ValidationRule(
    value = "self.name.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')",
    fieldPath = ".name",
    message =
        "the name of a sidecar has at most 63 small letters, digits and '-': use a name such as"
            + " \"model-server\"")
@ValidationRule(
    value = "size(self.image) > 0",
    fieldPath = ".image",
    message = "a sidecar needs an image: write its name with a tag or digest")
@ValidationRule(
    value = "!has(self.ports) || self.ports.all(p, p.containerPort != 8080)",
    fieldPath = ".ports",
    message = "port 8080 belongs to the agent: let the sidecar listen on another one")
@ValidationRule(
    value = "!has(self.ports) || self.ports.all(p, !has(p.name) || p.name != 'http')",
    fieldPath = ".ports",
    message =
        "a port of a sidecar cannot be named \"http\", that is the agent's own and the pool's"
            + " Service looks for it: rename it")
@JsonIgnoreProperties(ignoreUnknown = true)
public record ContainerSpec(
    @JsonPropertyDescription("Name of the container; \"agent\" is taken.") @Required String name,
    @JsonPropertyDescription("Image of the container.") @Required String image,
    @JsonPropertyDescription("Command in place of the image's own.") List<String> command,
    @JsonPropertyDescription("Arguments in place of the image's own.") List<String> args,
    @JsonPropertyDescription(
            "Environment variables of the container. Names that start with STRATA_ are refused.")
        List<EnvVarSpec> env,
    @JsonPropertyDescription("CPU and memory of the container.") @Nullable ResourcesSpec resources,
    @JsonPropertyDescription("Where volumes are mounted in the container.")
        List<VolumeMountSpec> volumeMounts,
    @JsonPropertyDescription("Ports on which the container listens; 8080 is the agent's.")
        List<Port> ports) {

  public ContainerSpec {
    command = Copies.of(command);
    args = Copies.of(args);
    env = Copies.of(env);
    volumeMounts = Copies.of(volumeMounts);
    ports = Copies.of(ports);
  }

  /**
   * A port on which a sidecar listens.
   *
   * @param containerPort 1 to 65535
   * @param name a name for it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "!has(self.name) || self.name.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')",
      fieldPath = ".name",
      message =
          "the name of a port has at most 15 small letters, digits and '-': use a name such as"
              + " \"task\"")
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Port(
      @JsonPropertyDescription("Number of the port.") @Required @Min(1) @Max(65535)
          int containerPort,
      @JsonPropertyDescription("A name for the port; \"http\" is taken.") @Nullable String name) {}
}

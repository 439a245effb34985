package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the pods of the agents look like; the parts of a pod that a user of a pool may shape. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "!has(self.labels) || self.labels.all(k, !k.startsWith('strata.dev/'))",
    fieldPath = ".labels",
    message = "labels that start with strata.dev/ belong to the operator: use a prefix of your own")
@ValidationRule(
    value =
        "!has(self.labels) || self.labels.all(k,"
            + " self.labels[k].matches('^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$'))",
    fieldPath = ".labels",
    message =
        "the value of a label has at most 63 letters, digits, '-', '_' and '.', with a letter or"
            + " digit first and last: put other text into annotations")
@ValidationRule(
    value = "!has(self.annotations) || self.annotations.all(k, !k.startsWith('strata.dev/'))",
    fieldPath = ".annotations",
    message =
        "annotations that start with strata.dev/ belong to the operator: use a prefix of your own")
@ValidationRule(
    value =
        "!has(self.volumeMounts) || self.volumeMounts.all(m, has(self.volumes) &&"
            + " self.volumes.exists(v, v.name == m.name))",
    fieldPath = ".volumeMounts",
    message =
        "a volumeMount names a volume that does not exist: add it under spec.template.volumes or"
            + " correct the name")
@ValidationRule(
    value =
        "!has(self.containers) || self.containers.all(c, !has(c.volumeMounts) ||"
            + " c.volumeMounts.all(m, has(self.volumes) && self.volumes.exists(v, v.name =="
            + " m.name)))",
    fieldPath = ".containers",
    message =
        "a volumeMount of a sidecar names a volume that does not exist: add it under"
            + " spec.template.volumes or correct the name")
@JsonIgnoreProperties(ignoreUnknown = true)
public record TemplateSpec(
    @JsonPropertyDescription(
            "Labels put on the pods, beside the operator's own. Keys that start with strata.dev/"
                + " are refused.")
        Map<String, String> labels,
    @JsonPropertyDescription(
            "Annotations put on the pods, beside the operator's own. Keys that start with"
                + " strata.dev/ are refused.")
        Map<String, String> annotations,
    @JsonPropertyDescription(
            "Image of the agent's container. Left out: the operator's own agent image. An image of"
                + " your own is built on that one and adds handlers or programs.")
        @Nullable String image,
    @JsonPropertyDescription(
            "Command of the agent's container in place of the image's own. Rarely wanted: what runs"
                + " a task is set in spec.agent.handler.")
        List<String> command,
    @JsonPropertyDescription("Arguments of the agent's container in place of the image's own.")
        List<String> args,
    @JsonPropertyDescription(
            "Environment variables of the agent's container. A handler's program sees them too."
                + " Names that start with STRATA_ are refused.")
        List<EnvVarSpec> env,
    @JsonPropertyDescription(
            "CPU and memory of the agent's container. A CPU limit makes starts slow: prefer a"
                + " request.")
        @Nullable ResourcesSpec resources,
    @JsonPropertyDescription("Taints of nodes that the pods tolerate.")
        List<TolerationSpec> tolerations,
    @JsonPropertyDescription("Labels that a node must carry to get a pod of this pool.")
        Map<String, String> nodeSelector,
    @JsonPropertyDescription("Rules about which nodes and which neighbours the pods get.")
        @Nullable AffinitySpec affinity,
    @JsonPropertyDescription(
            "Volumes that containers can mount. Names that start with strata- are refused.")
        List<VolumeSpec> volumes,
    @JsonPropertyDescription("Where volumes are mounted in the agent's container.")
        List<VolumeMountSpec> volumeMounts,
    @JsonPropertyDescription(
            "Sidecars: further containers in each pod, such as a model server that an http handler"
                + " talks to on localhost.")
        List<ContainerSpec> containers,
    @JsonPropertyDescription(
            "User, group and file system rights of the pods. Left out: the restricted profile of"
                + " Kubernetes with a read-only root file system.")
        @Default("{}")
        SecurityContextSpec securityContext) {

  public TemplateSpec {
    labels = Copies.of(labels);
    annotations = Copies.of(annotations);
    command = Copies.of(command);
    args = Copies.of(args);
    env = Copies.of(env);
    tolerations = Copies.of(tolerations);
    nodeSelector = Copies.of(nodeSelector);
    volumes = Copies.of(volumes);
    volumeMounts = Copies.of(volumeMounts);
    containers = Copies.of(containers);
  }
}

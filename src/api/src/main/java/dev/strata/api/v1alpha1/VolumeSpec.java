package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A volume: exactly one of the kinds is not null. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "[has(self.emptyDir), has(self.configMap), has(self.secret),"
            + " has(self.projected)].exists_one(v, v)",
    message =
        "a volume has exactly one kind: write one of emptyDir, configMap, secret or projected")
@ValidationRule(
    value = "!self.name.startsWith('strata-')",
    fieldPath = ".name",
    message = "volumes that start with strata- belong to the operator: use another name")
@ValidationRule(
    value = "self.name.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')",
    fieldPath = ".name",
    message =
        "the name of a volume has at most 63 small letters, digits and '-': use a name such as"
            + " \"data\"")
@JsonIgnoreProperties(ignoreUnknown = true)
public record VolumeSpec(
    @JsonPropertyDescription("Name by which volumeMounts refer to the volume.") @Required
        String name,
    @JsonPropertyDescription("An empty folder that lives as long as the pod.")
        @Nullable EmptyDir emptyDir,
    @JsonPropertyDescription("The keys of a ConfigMap as files.")
        @Nullable ConfigMapFiles configMap,
    @JsonPropertyDescription("The keys of a Secret as files.") @Nullable SecretFiles secret,
    @JsonPropertyDescription("Files from several sources in one folder.")
        @Nullable Projected projected) {

  /** An empty folder. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "!has(self.sizeLimit) || type(self.sizeLimit) == int || isQuantity(self.sizeLimit)",
      fieldPath = ".sizeLimit",
      message = "sizeLimit is not a quantity: write it as 64Mi or 1Gi")
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record EmptyDir(
      @JsonPropertyDescription("How much it may hold, such as 64Mi. Left out: no limit.")
          @Nullable Quantity sizeLimit,
      @JsonPropertyDescription("Memory: kept in memory. Left out: kept on the node's disk.")
          @Nullable Medium medium) {}

  /** Where an empty folder is kept. */
  public enum Medium {
    /** In memory. */
    @JsonProperty("Memory")
    MEMORY
  }

  /** Keys of a ConfigMap as files. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ConfigMapFiles(
      @JsonPropertyDescription("Name of the ConfigMap.") @Required String name,
      @JsonPropertyDescription("Which keys become which files. Left out: all, under their names.")
          List<KeyToPath> items,
      @JsonPropertyDescription(
              "true: the agent starts although the ConfigMap or a key does not exist.")
          @Default("false")
          boolean optional) {

    public ConfigMapFiles {
      items = Copies.of(items);
    }
  }

  /** Keys of a Secret as files. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record SecretFiles(
      @JsonPropertyDescription("Name of the Secret.") @Required String secretName,
      @JsonPropertyDescription("Which keys become which files. Left out: all, under their names.")
          List<KeyToPath> items,
      @JsonPropertyDescription(
              "true: the agent starts although the Secret or a key does not exist.")
          @Default("false")
          boolean optional) {

    public SecretFiles {
      items = Copies.of(items);
    }
  }

  /** A key and its file. */
  @ValidationRule(
      value = "!self.path.startsWith('/') && !self.path.contains('..')",
      fieldPath = ".path",
      message = "the path of a file in a volume is relative and has no '..': write it as dir/file")
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record KeyToPath(
      @JsonPropertyDescription("Key of the ConfigMap or Secret.") @Required String key,
      @JsonPropertyDescription("File in the volume, as a relative path.") @Required String path) {}

  /** Files from several sources in one folder. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Projected(
      @JsonPropertyDescription("Where the files come from.") @Required List<Source> sources) {

    public Projected {
      sources = Copies.of(sources);
    }
  }

  /** One source of a projected volume: exactly one is not null. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "[has(self.configMap), has(self.secret), has(self.downwardAPI)].exists_one(s, s)",
      message =
          "a source of a projected volume has exactly one kind: write one of configMap, secret or"
              + " downwardAPI")
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Source(
      @JsonPropertyDescription("The keys of a ConfigMap as files.")
          @Nullable ConfigMapFiles configMap,
      @JsonPropertyDescription("The keys of a Secret as files.") @Nullable ProjectedSecret secret,
      @JsonPropertyDescription("Fields of the pod itself as files.") @JsonProperty("downwardAPI")
          @Nullable DownwardFiles downwardApi) {}

  /** Keys of a Secret in a projected volume, where Kubernetes calls its name {@code name}. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ProjectedSecret(
      @JsonPropertyDescription("Name of the Secret.") @Required String name,
      @JsonPropertyDescription("Which keys become which files. Left out: all, under their names.")
          List<KeyToPath> items,
      @JsonPropertyDescription(
              "true: the agent starts although the Secret or a key does not exist.")
          @Default("false")
          boolean optional) {

    public ProjectedSecret {
      items = Copies.of(items);
    }
  }

  /** Fields of the pod as files. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record DownwardFiles(
      @JsonPropertyDescription("Which fields become which files.") @Required
          List<DownwardFile> items) {

    public DownwardFiles {
      items = Copies.of(items);
    }
  }

  /** A field of the pod and its file. */
  @ValidationRule(
      value = "!self.path.startsWith('/') && !self.path.contains('..')",
      fieldPath = ".path",
      message = "the path of a file in a volume is relative and has no '..': write it as dir/file")
  @ValidationRule(
      value =
          "self.fieldRef.fieldPath in ['metadata.name', 'metadata.namespace', 'metadata.uid',"
              + " 'metadata.labels', 'metadata.annotations'] ||"
              + " self.fieldRef.fieldPath.startsWith('metadata.labels[') ||"
              + " self.fieldRef.fieldPath.startsWith('metadata.annotations[')",
      fieldPath = ".fieldRef",
      message =
          "a file of a downwardAPI source shows metadata.name, metadata.namespace, metadata.uid,"
              + " metadata.labels or metadata.annotations: write one of these")
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record DownwardFile(
      @JsonPropertyDescription("File in the volume, as a relative path.") @Required String path,
      @JsonPropertyDescription("The field that the file shows.") @Required
          DownwardField fieldRef) {}

  /**
   * A field of the pod.
   *
   * @param fieldPath such as metadata.labels
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record DownwardField(
      @JsonPropertyDescription(
              "The field: metadata.name, metadata.namespace, metadata.uid, metadata.labels or"
                  + " metadata.annotations, the last two also with ['KEY'] behind them.")
          @Required
          String fieldPath) {}
}

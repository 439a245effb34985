package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Where a volume is mounted.
 *
 * @param name the volume
 * @param mountPath absolute path in the container
 * @param readOnly whether the container may only read it
 * @param subPath a file or folder of the volume in place of the whole
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.mountPath.startsWith('/') && !self.mountPath.contains(':')",
    fieldPath = ".mountPath",
    message = "a mountPath is absolute and has no ':': write it as /data")
@ValidationRule(
    value = "!has(self.subPath) || (!self.subPath.startsWith('/') && !self.subPath.contains('..'))",
    fieldPath = ".subPath",
    message = "a subPath is relative and has no '..': write it as dir/file")
@JsonIgnoreProperties(ignoreUnknown = true)
public record VolumeMountSpec(
    @JsonPropertyDescription("Name of the volume under spec.template.volumes.") @Required
        String name,
    @JsonPropertyDescription("Absolute path in the container.") @Required String mountPath,
    @JsonPropertyDescription("true: the container can read but not write.") @Default("false")
        boolean readOnly,
    @JsonPropertyDescription("A file or folder of the volume, in place of the whole volume.")
        @Nullable String subPath) {}

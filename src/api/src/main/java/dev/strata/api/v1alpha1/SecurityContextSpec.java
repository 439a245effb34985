package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * User, group and file system rights. What is not here is fixed by the restricted profile: no
 * privilege escalation, no capabilities, the runtime's default seccomp profile.
 *
 * @param runAsUser numeric user; null: the image's own
 * @param runAsGroup numeric group; null: the image's own
 * @param fsGroup group of mounted volumes
 * @param runAsNonRoot whether root is refused
 * @param readOnlyRootFilesystem whether containers can write into mounted volumes only
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.runAsUser) || self.runAsUser != 0 || !self.runAsNonRoot",
    message =
        "runAsUser 0 is root, which runAsNonRoot refuses: write another user, or runAsNonRoot:"
            + " false if the namespace allows root")
@JsonIgnoreProperties(ignoreUnknown = true)
public record SecurityContextSpec(
    @JsonPropertyDescription("Number of the user. Left out: the image's own user.")
        @Min(0)
        @Max(2147483647)
        @Nullable Long runAsUser,
    @JsonPropertyDescription("Number of the group. Left out: the image's own group.")
        @Min(0)
        @Max(2147483647)
        @Nullable Long runAsGroup,
    @JsonPropertyDescription("Number of the group that owns mounted volumes.")
        @Min(0)
        @Max(2147483647)
        @Nullable Long fsGroup,
    @JsonPropertyDescription("true: a container that would run as root does not start.")
        @Default("true")
        boolean runAsNonRoot,
    @JsonPropertyDescription("true: containers can write into mounted volumes only.")
        @Default("true")
        boolean readOnlyRootFilesystem) {}

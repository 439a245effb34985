package dev.strata.api.v1alpha1;

import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** Performance targets of one layer, for all gates of the cluster that name the profile. */
@Group("strata.dev")
@Version("v1alpha1")
@Plural("qualitygateprofiles")
@Singular("qualitygateprofile")
@ShortNames("qgp")
@Categories("strata")
@ValidationRule(
    value = "has(self.spec)",
    message = "a profile needs a spec: write spec.layer, spec.version and spec.objectives")
public final class QualityGateProfile
    extends CustomResource<QualityGateProfileSpec, QualityGateProfileStatus> {
  private static final long serialVersionUID = 1L;

  /** Null: a record has no empty form, and the API server refuses a profile without a spec. */
  @Override
  @SuppressWarnings("NullAway") // the superclass asks for null where there is no value yet
  protected QualityGateProfileSpec initSpec() {
    return null;
  }

  /** Null: a status that is created here would be taken for one that was observed. */
  @Override
  @SuppressWarnings("NullAway") // the superclass asks for null where there is no value yet
  protected QualityGateProfileStatus initStatus() {
    return null;
  }

  /** What was last reported, null before the first report. */
  @Override
  public @Nullable QualityGateProfileStatus getStatus() {
    return super.getStatus();
  }
}

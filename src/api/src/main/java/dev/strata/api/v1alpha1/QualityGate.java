package dev.strata.api.v1alpha1;

import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** The performance targets of one pool, judged all the time. */
@Group("strata.dev")
@Version("v1alpha1")
@Plural("qualitygates")
@Singular("qualitygate")
@ShortNames("qg")
@Categories("strata")
@ValidationRule(
    value = "has(self.spec)",
    message = "a gate needs a spec: write at least spec.poolRef.name")
public final class QualityGate extends CustomResource<QualityGateSpec, QualityGateStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  /** Null: a record has no empty form, and the API server refuses a gate without a spec. */
  @Override
  @SuppressWarnings("NullAway") // the superclass asks for null where there is no value yet
  protected QualityGateSpec initSpec() {
    return null;
  }

  /** Null: a status that is created here would be taken for one that was observed. */
  @Override
  @SuppressWarnings("NullAway") // the superclass asks for null where there is no value yet
  protected QualityGateStatus initStatus() {
    return null;
  }

  /** What was last reported, null before the first report. */
  @Override
  public @Nullable QualityGateStatus getStatus() {
    return super.getStatus();
  }
}

package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateProfile;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The cluster's profiles. A changed one is reviewed, and concerns every gate that names it. */
final class ProfileSource extends InformerEventSource<QualityGateProfile, QualityGate> {
  private final Consumer<QualityGateProfile> review;

  ProfileSource(EventSourceContext<QualityGate> context, Consumer<QualityGateProfile> review) {
    super(
        InformerEventSourceConfiguration.from(QualityGateProfile.class, QualityGate.class)
            .withName("profiles")
            .withWatchAllNamespaces()
            .withSecondaryToPrimaryMapper(
                profile ->
                    context
                        .getPrimaryCache()
                        .list()
                        .filter(
                            g -> g.getSpec().profiles().contains(profile.getMetadata().getName()))
                        .map(ResourceID::fromResource)
                        .collect(Collectors.toSet()))
            .build(),
        context);
    this.review = review;
  }

  @Override
  public void onAdd(QualityGateProfile profile) {
    review.accept(profile);
    super.onAdd(profile);
  }

  @Override
  public void onUpdate(QualityGateProfile old, QualityGateProfile profile) {
    review.accept(profile);
    super.onUpdate(old, profile);
  }
}

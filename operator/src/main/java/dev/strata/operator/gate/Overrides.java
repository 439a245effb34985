package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.ObjectiveSpec;
import dev.strata.api.v1alpha1.OverrideSpec;
import dev.strata.api.v1alpha1.QualityGateProfile;
import dev.strata.api.v1alpha1.QualityGateSpec;
import dev.strata.api.v1alpha1.RatioSpec;
import dev.strata.api.v1alpha1.ShareSpec;
import dev.strata.api.v1alpha1.StatusSize;
import dev.strata.api.v1alpha1.ValueSpec;
import dev.strata.core.gate.Layer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The objectives of a gate: those of its profiles, changed as it says, and its own. */
final class Overrides {
  private Overrides() {}

  /** The targets in the order of profiles and objectives. */
  static List<Target> targets(
      QualityGateSpec spec,
      Function<String, Optional<QualityGateProfile>> profiles,
      Compiler compiler)
      throws BadGateException {
    Map<String, OverrideSpec> changes =
        spec.overrides().stream().collect(Collectors.toMap(OverrideSpec::objective, o -> o));
    List<Target> targets = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String name : spec.profiles()) {
      QualityGateProfile profile =
          profiles
              .apply(name)
              .orElseThrow(
                  () ->
                      new BadGateException(
                          "there is no QualityGateProfile %s: write one of those that `kubectl get qgp` lists"
                              .formatted(name)));
      Layer layer = Layer.valueOf(profile.getSpec().layer());
      for (ObjectiveSpec objective : profile.getSpec().objectives()) {
        add(targets, names, layer, objective, changes, compiler);
      }
    }
    for (ObjectiveSpec objective : spec.objectives()) {
      add(targets, names, Layer.Application, objective, changes, compiler);
    }
    for (String changed : changes.keySet()) {
      if (!names.contains(changed)) {
        throw new BadGateException(
            "spec.overrides names the objective %s, which none of the profiles %s has: correct the name or remove the override"
                .formatted(changed, spec.profiles()));
      }
    }
    if (targets.size() > StatusSize.MOST_OBJECTIVES) {
      throw new BadGateException(
          "it judges %d objectives, and the status of one gate has room for %d: use several gates for this pool"
              .formatted(targets.size(), StatusSize.MOST_OBJECTIVES));
    }
    return targets;
  }

  private static void add(
      List<Target> targets,
      Set<String> names,
      Layer layer,
      ObjectiveSpec objective,
      Map<String, OverrideSpec> changes,
      Compiler compiler)
      throws BadGateException {
    if (!names.add(objective.name())) {
      throw new BadGateException(
          "two objectives are called "
              + objective.name()
              + ": give the one in spec.objectives another name");
    }
    OverrideSpec change = changes.get(objective.name());
    if (change == null) {
      targets.add(compiler.compile(layer, objective));
    } else if (!Boolean.TRUE.equals(change.disabled())) {
      targets.add(compiler.compile(layer, changed(objective, change)));
    }
  }

  private static ObjectiveSpec changed(ObjectiveSpec old, OverrideSpec change)
      throws BadGateException {
    String target = change.target();
    if (change.threshold() != null && old.threshold() == null) {
      throw new BadGateException(
          "the override of %s has a threshold, and the objective has none: remove it, or write target"
              .formatted(old.name()));
    }
    if (target != null && (old.slices() != null || old.trend() != null)) {
      throw new BadGateException(
          "the override of %s has a target, which slices and trends do not have: disable it and write an objective of your own"
              .formatted(old.name()));
    }
    return new ObjectiveSpec(
        old.name(),
        old.title(),
        old.definition(),
        old.signal(),
        or(change.threshold(), old.threshold()),
        target == null || old.share() == null ? old.share() : new ShareSpec(target),
        old.burn(),
        target == null || old.ratio() == null
            ? old.ratio()
            : old.ratio().atLeast() != null
                ? new RatioSpec(target, null)
                : new RatioSpec(null, target),
        target == null || old.value() == null
            ? old.value()
            : old.value().atLeast() != null
                ? new ValueSpec(target, null)
                : new ValueSpec(null, target),
        old.slices(),
        old.trend(),
        or(change.windowSeconds(), old.windowSeconds()),
        or(change.lastEvents(), old.lastEvents()),
        or(change.minSamples(), old.minSamples()),
        or(change.severity(), old.severity()),
        old.weight());
  }

  @SuppressWarnings("NullAway") // null where neither is given, as the fields of a spec may be
  private static <T> T or(@Nullable T change, @Nullable T old) {
    return change == null ? old : change;
  }
}

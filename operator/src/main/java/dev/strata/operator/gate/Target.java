package dev.strata.operator.gate;

import dev.strata.core.gate.Burn;
import dev.strata.core.gate.Measure;
import dev.strata.core.gate.Objective;
import org.jspecify.annotations.Nullable;

/**
 * One objective of a gate, ready to be judged and shown.
 *
 * @param signal what is measured
 * @param kind unit of its value
 * @param target as people write it, such as ">= 95%"
 * @param window likewise, such as "5m"
 * @param estimator what judges it, such as "share"
 * @param source where its evidence comes from
 * @param provider who measures it, for people
 * @param burn from how fast on its error budget burns; null: nobody asks
 */
record Target(
    Objective objective,
    String signal,
    Measure.Kind kind,
    String target,
    String window,
    String estimator,
    Source source,
    String provider,
    @Nullable Burn burn) {}

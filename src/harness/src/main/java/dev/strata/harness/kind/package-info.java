/** Tier T3: real nodes with kubelets, in containers, by kind. Start with {@code KindCluster}. */
@NullMarked
package dev.strata.harness.kind;

import org.jspecify.annotations.NullMarked;

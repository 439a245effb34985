/**
 * A Kubernetes for tests, benchmarks and the demo, on any machine and without a container engine: a
 * real control plane from binaries, NATS, nodes that run pods as local processes, faults for all of
 * them. {@link dev.strata.harness.Cluster} is the way in. Never part of the product.
 */
@NullMarked
package dev.strata.harness;

import org.jspecify.annotations.NullMarked;

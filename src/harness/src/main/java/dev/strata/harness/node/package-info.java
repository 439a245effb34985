/** A stand-in for the kubelet that runs a pod's containers as local processes. */
@NullMarked
package dev.strata.harness.node;

import org.jspecify.annotations.NullMarked;

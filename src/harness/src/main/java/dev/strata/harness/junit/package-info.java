/** Gives a test its own namespace on a control plane that is shared within the JVM. */
@NullMarked
package dev.strata.harness.junit;

import org.jspecify.annotations.NullMarked;

/** System tests: the whole of Strata on a real control plane, told as stories. */
@NullMarked
package dev.strata.e2e;

import org.jspecify.annotations.NullMarked;

/** How steadily and how fast a target is judged: worlds of traffic, and ways of judging them. */
@NullMarked
package dev.strata.bench.gate;

import org.jspecify.annotations.NullMarked;

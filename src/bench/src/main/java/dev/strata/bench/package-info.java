/** Benchmarks and the fault run: figures from real clusters, each beside the aim of its issue. */
@NullMarked
package dev.strata.bench;

import org.jspecify.annotations.NullMarked;

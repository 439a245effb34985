/**
 * The demo: real agents check real documents while an agent and a node are killed and the pool is scaled. Start with {@link
 * dev.strata.demo.Demo}.
 */
@NullMarked
package dev.strata.demo;

import org.jspecify.annotations.NullMarked;

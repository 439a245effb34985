/** Tests of the harness, on real control planes. */
@org.jspecify.annotations.NullMarked
package dev.strata.harness;
